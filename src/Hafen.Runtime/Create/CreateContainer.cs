using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Capabilities;
using Hafen.Linux.Cgroups;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;
using Hafen.Runtime.Rootfs;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Create;

/// <summary>Makes a container: one clone3, after which init prepares its root on its own while the caller goes on.</summary>
public static class CreateContainer
{
    /// <summary>Returns as soon as the namespaces exist. Call it only in a process with a single managed thread.</summary>
    /// <exception cref="RuntimeException">The specification is wrong or the kernel refused; nothing is left behind.</exception>
    public static CreatedContainer Run(CreateContainerRequest request)
    {
        try
        {
            // 1. Refuse what cannot be, before anything exists.
            SpecCheck.Container(request.Spec);
            var warnings = new List<string>();
            var namespaces = NamespacePlan.Build(request.Spec.Linux!);
            var process = Surroundings(request, namespaces, warnings);

            // 2. The cgroup with its limits; undone below when a later step fails.
            using var cgroup = Cgroup.Create(CgroupHierarchies.Detect(), CheckedCgroupPath(request), request.Spec.Linux!.Resources);
            try
            {
                // 3. The plan, and the clone.
                using var streams = new StreamCopies(StreamsOf(request), 3 + request.PreserveDescriptors);
                var plan = ContainerPlanner.Build(new ContainerPlanInput
                {
                    Request = request,
                    Namespaces = namespaces,
                    Cgroups = View(request.Spec, cgroup),
                    CgroupFiles = cgroup.JoinFiles.ToArray(),
                    Streams = streams.Numbers,
                    HasCore = File.Exists("/proc/kcore"),
                    Process = process,
                    CreateHooks = HookSteps.Build(request.Spec.Hooks?.CreateContainer, "createContainer", HookState(request, "creating")),
                });
                var (pid, pidDescriptor, channel) = ChildLauncher.Launch(Launch(request, namespaces, plan, cgroup.CloneTarget));
                return new CreatedContainer(pid, pidDescriptor, channel, cgroup.Path, warnings);
            }
            catch
            {
                cgroup.CloseJoin();
                cgroup.Destroy();
                throw;
            }
        }
        catch (CgroupException exception)
        {
            throw new RuntimeException(ErrorKind.System, "cgroup", exception.Message);
        }
        catch (LinuxException exception)
        {
            throw new RuntimeException(ErrorKind.System, exception.Call, exception.Message, exception.Number);
        }
    }

    /// <summary>
    /// The cgroup that a specification names or, when it names none, one directly below the root: with a parent of all such containers, that would be left when
    /// the last of them is deleted.
    /// </summary>
    public static string CgroupPathOf(RuntimeSpec spec, string id) => spec.Linux?.CgroupsPath is { Length: > 0 } path ? path : "/hafen-run-" + id;

    private static LaunchRequest Launch(CreateContainerRequest request, NamespacePlan namespaces, List<PlannedStep> plan, int cloneTarget)
    {
        var spec = request.Spec;
        return new LaunchRequest
        {
            Plan = plan,
            Namespaces = namespaces.CloneFlags,
            BornIn = namespaces.BornIn,
            PidOwner = namespaces.PidOwner,
            CloneTarget = cloneTarget,
            PreserveDescriptors = request.PreserveDescriptors,
            // A process of a pid namespace that others live in must not be traced by them while it holds what is the host's.
            Dumpable = !namespaces.JoinsPid && !namespaces.JoinsUser,
            Descends = namespaces.JoinsUser || namespaces.EnteredPid is not null,
            Prepare = namespaces.NewUser ? pid => UserMappings.Apply(pid, spec.Linux!, spec.Process) : null,
            Hooks = ContainerPlanner.HasOuterHooks(spec) ? pid => RunOuterHooks(request, pid) : null,
        };
    }

    private static ProcessSurroundings Surroundings(CreateContainerRequest request, NamespacePlan namespaces, List<string> warnings)
    {
        var process = request.Spec.Process!;
        int last = AvailableCapabilities.Last();
        bool inUserNamespace = namespaces.NewUser || namespaces.JoinsUser;
        // Whoever is root of a user namespace has every capability there.
        ulong own = inUserNamespace ? CapabilitySets.MaskUpTo(last) : CapabilityChoice.Own();
        var (filter, flags) = SeccompChoice.Choose(request.Spec.Linux!.Seccomp, request.SeccompProgram);
        return new ProcessSurroundings
        {
            Capabilities = CapabilityChoice.Choose(process.Capabilities, last, own, warnings),
            LastCapability = last,
            Filter = filter,
            FilterFlags = flags,
            PreserveDescriptors = request.PreserveDescriptors,
            UserNamespace = inUserNamespace,
            StartHooks = HookSteps.Build(request.Spec.Hooks?.StartContainer, "startContainer", HookState(request, "created")),
            StartFifo = request.StartFifo is { } fifo ? new FileHandle(fifo, Linux.FileSystem.OpenFlags.O_RDWR) : null,
            WaitForStart = true,
        };
    }

    private static void RunOuterHooks(CreateContainerRequest request, int pid)
    {
        var spec = request.Spec;
        byte[] state = HookInput.WithPid(request.Id, request.Bundle, "creating", spec, pid);
        HostHooks.Run(spec.Hooks!.Prestart, "prestart", state);
        HostHooks.Run(spec.Hooks.CreateRuntime, "createRuntime", state);
    }

    private static byte[] HookState(CreateContainerRequest request, string status) =>
        request.Spec.Hooks is null ? [] : HookInput.WithoutPid(request.Id, request.Bundle, status, request.Spec);

    private static (int, int, int) StreamsOf(CreateContainerRequest request) =>
        request.Spec.Process!.Terminal ? (-1, -1, -1) : (request.Stdin, request.Stdout, request.Stderr);

    private static string CheckedCgroupPath(CreateContainerRequest request)
    {
        string path = CgroupPathOf(request.Spec, request.Id);
        if (path.Contains(':'))
            throw new RuntimeException(ErrorKind.InvalidParameter, "cgroupsPath", $"cgroupsPath {path} is systemd's form, which is not supported");
        return path;
    }

    private static CgroupView View(RuntimeSpec spec, Cgroup cgroup)
    {
        bool unified = cgroup.Hierarchies.Mode == CgroupMode.Unified;
        bool own = SpecCheck.Find(spec.Linux!, "cgroup") is not null;
        if (unified || !Array.Exists(spec.Mounts ?? [], mount => mount.Type is "cgroup" or "cgroup2"))
            return new CgroupView(unified, own, []);
        var directories = cgroup.Directories;
        var places = new List<CgroupPlace>();
        foreach (var hierarchy in cgroup.Hierarchies.All)
        {
            if (!hierarchy.IsUnified && directories.TryGetValue(hierarchy.Label, out string? directory))
                places.Add(new CgroupPlace(Path.GetFileName(hierarchy.MountPoint), hierarchy.Label, directory));
        }

        return new CgroupView(unified, own, places);
    }
}
