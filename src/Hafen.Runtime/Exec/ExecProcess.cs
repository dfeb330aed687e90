using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Capabilities;
using Hafen.Linux.Cgroups;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Namespaces;
using Hafen.Linux.Processes;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Exec;

/// <summary>Executes a further process in a running container.</summary>
public static class ExecProcess
{
    /// <summary>Returns as soon as a child exists that is on its way into the container. Call it only in a process with a single managed thread.</summary>
    /// <exception cref="RuntimeException">The process is specified wrongly, the container does not run, or the kernel refused.</exception>
    public static ExecutedProcess Run(ExecProcessRequest request)
    {
        SpecCheck.Process(request.Process);
        Descriptor? opened = null;
        try
        {
            // 1. The container, held by a descriptor: its pid cannot become another's meanwhile.
            if (request.ContainerPidDescriptor < 0)
                opened = Pidfd.Open(request.ContainerPid);
            int container = opened?.Number ?? request.ContainerPidDescriptor;
            if (!Pidfd.SendSignal(container, 0))
                throw new RuntimeException(ErrorKind.NotRunning, "exec", "the container is not running");

            // 2. Its cgroup.
            var hierarchies = CgroupHierarchies.Detect();
            using var cgroup = Cgroup.Open(hierarchies, request.CgroupsPath ?? CreateContainer.CgroupPathOf(request.Spec, request.ContainerId));
            cgroup.OpenForJoin(request.ContainerPid);

            // 3. The plan, and the clone.
            using var streams = new StreamCopies(
                request.Process.Terminal ? (-1, -1, -1) : (request.Stdin, request.Stdout, request.Stderr), 3 + request.PreserveDescriptors);
            ulong namespaces = NamespacesOf(request.Spec);
            var surroundings = Surroundings(request, namespaces);
            var plan = ExecPlanner.Build(request.Process, container, namespaces, cgroup.JoinFiles.ToArray(), streams.Numbers, surroundings, KeyringOf(request));
            var (pid, pidDescriptor, channel) = ChildLauncher.Launch(new LaunchRequest
            {
                Plan = plan,
                CloneTarget = cgroup.CloneTarget,
                PreserveDescriptors = request.PreserveDescriptors,
            });
            return new ExecutedProcess(pid, pidDescriptor, channel);
        }
        catch (LinuxException exception)
        {
            var kind = exception.Number is Errno.ESRCH or Errno.ENOENT ? ErrorKind.NotRunning : ErrorKind.System;
            throw new RuntimeException(kind, exception.Call, exception.Message, exception.Number);
        }
        finally
        {
            opened?.Dispose();
        }
    }

    /// <summary>The kinds of namespaces the container does not share with the host; setns refuses to enter a user namespace twice.</summary>
    private static ulong NamespacesOf(RuntimeSpec spec)
    {
        ulong flags = 0UL;
        foreach (var entry in spec.Linux?.Namespaces ?? [])
            flags |= NamespaceFlags.FromType(entry.Type);
        return flags;
    }

    private static string? KeyringOf(ExecProcessRequest request) =>
        request.NoNewKeyring || request.ContainerId.Length == 0 ? null : "_ses." + request.ContainerId;

    private static ProcessSurroundings Surroundings(ExecProcessRequest request, ulong namespaces)
    {
        int last = AvailableCapabilities.Last();
        bool inUserNamespace = (namespaces & NamespaceFlags.CLONE_NEWUSER) != 0;
        ulong own = inUserNamespace ? CapabilitySets.MaskUpTo(last) : CapabilityChoice.Own();
        var (filter, flags) = SeccompChoice.Choose(request.Spec.Linux?.Seccomp, request.SeccompProgram);
        return new ProcessSurroundings
        {
            Capabilities = CapabilityChoice.Choose(request.Process.Capabilities, last, own, []),
            LastCapability = last,
            Filter = filter,
            FilterFlags = flags,
            PreserveDescriptors = request.PreserveDescriptors,
            UserNamespace = inUserNamespace,
        };
    }
}
