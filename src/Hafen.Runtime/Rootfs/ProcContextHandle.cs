using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Capabilities;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Namespaces;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Rootfs;

/// <summary>The context of a procfs (fsopen(2)) that shows a pid namespace in which the process that mounts it is not.</summary>
internal sealed record ProcContextHandle(string PidNamespace) : PlannedHandle
{
    public override Descriptor Open()
    {
        using var target = NamespaceFile.Open(PidNamespace);
        var context = FileSystemContext.Open("proc");
        // Linux 6.17 is told; before, a procfs shows the namespace of whoever opened the context.
        if (FileSystemContext.TrySet(context.Number, "pidns", target.Number))
            return context;
        context.Dispose();
        return OpenInside();
    }

    /// <summary>
    /// Through a process in that namespace, which its neighbours may be able to take over: it has an empty read-only root, no descriptor but its channel
    /// to this process, and where the kernel makes user namespaces no right outside one of its own. What it sends back is looked at before use.
    /// </summary>
    private Descriptor OpenInside()
    {
        const ulong AdministerMounts = 1UL << 21;
        const string Place = "/dev";
        var sets = new CapabilitySets { Permitted = AdministerMounts, Effective = AdministerMounts };
        List<PlannedStep> plan =
        [
            new(StepCode.HostPropagation, "isolate mounts") { Value = (long)(MountFlags.MS_PRIVATE | MountFlags.MS_REC) },
            new(StepCode.FileSystemAtHost, "mount an empty root")
            {
                Text = Place,
                Second = "tmpfs",
                Strings = MountPlanner.Parameters("tmpfs", [("nr_inodes", "1"), ("mode", "755")]),
                Value = (long)mount_attr.MOUNT_ATTR_RDONLY,
            },
            new(StepCode.OpenRoot, "open the empty root") { Text = Place },
            new(StepCode.Pivot, "pivot_root"),
            new(StepCode.JoinNamespace, $"join pid namespace {PidNamespace}") { Handle = new NamespaceHandle(PidNamespace), Value = (long)NamespaceFlags.CLONE_NEWPID },
            new(StepCode.CloseDescriptors, "close descriptors"),
            new(StepCode.Capabilities, "set capabilities") { Data = sets.ToBytes() },
            new(StepCode.Descend, "clone into the pid namespace") { Other = (long)(NamespaceFlags.CLONE_NEWUSER | NamespaceFlags.CLONE_NEWNS) },
            new(StepCode.OpenFileSystem, "open a procfs") { Text = "proc" },
        ];
        var (pid, pidDescriptor, channel) = ChildLauncher.Launch(new LaunchRequest { Plan = plan, Namespaces = NamespaceFlags.CLONE_NEWNS, Descends = true });
        using (pidDescriptor)
        using (channel)
        {
            try
            {
                channel.WaitFor(StepKind.Ready);
            }
            finally
            {
                Linux.Processes.Pidfd.SendSignal(pidDescriptor.Number, 9);
                Linux.Processes.Children.Wait(pid);
            }

            return channel.TakeSent() is >= 0 and var context
                ? new Descriptor(context)
                : throw new RuntimeException(ErrorKind.System, "open a procfs", "open a procfs: no descriptor came");
        }
    }
}
