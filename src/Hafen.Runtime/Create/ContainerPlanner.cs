using System.Text;
using Hafen.Errors;
using Hafen.Linux.Mounts;
using Hafen.Linux.Namespaces;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;
using Hafen.Runtime.Rootfs;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Create;

/// <summary>What a container's plan is made from, once everything outside has been looked up.</summary>
internal sealed record ContainerPlanInput
{
    public required CreateContainerRequest Request { get; init; }
    public required NamespacePlan Namespaces { get; init; }
    public required CgroupView Cgroups { get; init; }

    /// <summary>Descriptors of v1 <c>tasks</c> files.</summary>
    public int[] CgroupFiles { get; init; } = [];

    /// <summary>Copies of the standard streams, all above 2, or -1.</summary>
    public (int In, int Out, int Error) Streams { get; init; } = (-1, -1, -1);

    /// <summary>Whether the kernel has /proc/kcore.</summary>
    public bool HasCore { get; init; }

    public required ProcessSurroundings Process { get; init; }
    public IReadOnlyList<PlannedStep> CreateHooks { get; init; } = [];
}

/// <summary>From a specification to the steps of init, in the order that the kernel and the runtime specification want. Pure but for asking for AppArmor.</summary>
internal static class ContainerPlanner
{
    /// <exception cref="RuntimeException">InvalidArgument: something is refused.</exception>
    public static List<PlannedStep> Build(ContainerPlanInput input)
    {
        var spec = input.Request.Spec;
        var linux = spec.Linux!;
        var process = spec.Process!;
        var steps = new List<PlannedStep>(128);

        // 1. Cgroup and namespaces. The cgroup comes first: its namespace shows the cgroup of the moment it is made in.
        foreach (int file in input.CgroupFiles)
            steps.Add(new PlannedStep(StepCode.JoinCgroup, "join cgroup") { Descriptor = file });
        steps.AddRange(input.Namespaces.Steps);
        if (linux.Personality is { } personality)
            steps.Add(new PlannedStep(StepCode.Personality, "set personality") { Value = Personality(personality) });
        var entered = input.Namespaces.EnteredPid;
        if (entered is null)
            steps.Add(new PlannedStep(StepCode.NewSession, "setsid"));
        if (!input.Request.NoNewKeyring)
            steps.Add(new PlannedStep(StepCode.SessionKeyring, "join session keyring") { Text = "_ses." + input.Request.Id });
        if (input.Namespaces.NewNetwork)
            steps.Add(new PlannedStep(StepCode.LoopbackUp, "set lo up"));

        // 2. The root and what is mounted in it. All of it happens before the change of root, beneath the root's descriptor.
        AddRoot(steps, input);
        var mounts = new MountSurroundings
        {
            Bundle = input.Request.Bundle,
            DefaultPropagation = RootPropagation(linux) is var flags && (flags & MountFlags.MS_PRIVATE) != 0 ? MountFlags.MS_PRIVATE : MountFlags.MS_SLAVE,
            Cgroups = input.Cgroups,
            PidNamespace = entered,
        };
        foreach (var mount in spec.Mounts ?? [])
            MountPlanner.Add(steps, mount, mounts);
        if (MakesDevices(spec))
            DevicePlanner.Add(steps, linux.Devices, bind: input.Process.UserNamespace, input.HasCore);
        if (process.Terminal)
            AddTerminal(steps, spec);
        if (HasOuterHooks(spec))
        {
            steps.Add(new PlannedStep(StepCode.Report, "report mounts") { Value = (long)ChildMessageKind.Hooks });
            steps.Add(new PlannedStep(StepCode.Await, "wait for hooks") { Value = ParentSignal.HooksDone });
        }

        steps.Add(new PlannedStep(StepCode.MakeFolder, "make the working directory") { Text = ContainerPath.Clean(process.Cwd) });
        foreach (var mount in spec.Mounts ?? [])
            MountPlanner.AddLate(steps, mount);
        foreach (string path in linux.ReadonlyPaths ?? [])
            steps.Add(new PlannedStep(StepCode.ReadonlyPath, $"make {path} read-only") { Text = ContainerPath.Clean(path) });
        foreach (string path in linux.MaskedPaths ?? [])
            steps.Add(new PlannedStep(StepCode.Mask, $"mask {path}") { Text = ContainerPath.Clean(path) });
        steps.AddRange(input.CreateHooks);

        // 3. Into the root.
        steps.Add(new PlannedStep(StepCode.Pivot, "pivot_root") { Value = input.Request.NoPivot ? 1 : 0 });
        if ((RootPropagation(linux) & (MountFlags.MS_SHARED | MountFlags.MS_UNBINDABLE)) is > 0 and var propagation)
            steps.Add(new PlannedStep(StepCode.RootPropagation, "set the root's propagation") { Value = (long)propagation });
        if (spec.Root!.Readonly)
            steps.Add(new PlannedStep(StepCode.RootReadonly, "make the root read-only"));

        // 4. Names and kernel parameters.
        if (spec.Hostname is { Length: > 0 } host)
            steps.Add(new PlannedStep(StepCode.HostName, "sethostname") { Text = host });
        if (spec.Domainname is { Length: > 0 } domain)
            steps.Add(new PlannedStep(StepCode.DomainName, "setdomainname") { Text = domain });
        Sysctls.Add(steps, linux);
        if (process.OomScoreAdj is { } score && !input.Process.UserNamespace)
            steps.Add(OomScore(score));
        SecurityLabels.Add(steps, process);

        // 5. The process.
        steps.Add(new PlannedStep(StepCode.StandardStreams, "set up the standard streams")
        {
            Value = input.Streams.In,
            Other = input.Streams.Out,
            Number = input.Streams.Error,
        });
        var surroundings = input.Process;
        if (entered is not null)
        {
            // Of hooks and all else that was made until here nothing was to be born there.
            steps.Add(new PlannedStep(StepCode.JoinNamespace, $"join pid namespace {entered.Path}") { Handle = entered, Value = (long)NamespaceFlags.CLONE_NEWPID });
            surroundings = surroundings with { Entry = ProcessEntry.Steps(process.Terminal, waits: false) };
        }
        else if (process.Terminal)
        {
            steps.Add(ProcessEntry.TakeTerminal());
        }

        ProcessPlanner.Add(steps, process, surroundings);
        return steps;
    }

    public static PlannedStep OomScore(int score) =>
        new(StepCode.WriteProc, "write oom_score_adj") { Text = "self/oom_score_adj", Data = Encoding.ASCII.GetBytes(score.ToString()) };

    public static bool HasOuterHooks(RuntimeSpec spec) => spec.Hooks is { } hooks && (hooks.Prestart is { Length: > 0 } || hooks.CreateRuntime is { Length: > 0 });

    /// <summary>A host's /dev that is bound in whole is left as it is.</summary>
    private static bool MakesDevices(RuntimeSpec spec) =>
        !Array.Exists(spec.Mounts ?? [], mount => ContainerPath.Clean(mount.Destination) == "/dev" && MountOptions.Parse(mount.Options).Bind | mount.Type == "bind");

    private static void AddRoot(List<PlannedStep> steps, ContainerPlanInput input)
    {
        var request = input.Request;
        string path = Path.GetFullPath(request.Spec.Root!.Path, request.Bundle);
        // Whatever the container's own propagation is: nothing that happens here may reach the host. Bind mounts keep their peer group all the
        // same, because they were cloned in the host's namespace.
        ulong flags = RootPropagation(request.Spec.Linux!);
        ulong isolate = (flags & MountFlags.MS_PRIVATE) != 0 ? MountFlags.MS_PRIVATE : MountFlags.MS_SLAVE;
        steps.Add(new PlannedStep(StepCode.HostPropagation, "isolate mounts") { Value = (long)(isolate | MountFlags.MS_REC) });
        foreach (var mount in request.Rootfs)
            steps.Add(MountPlanner.AtHost(mount, path, request.Bundle, request.OverlayByMount));
        // pivot_root wants a mount point.
        if (request.Rootfs.Length == 0)
        {
            steps.Add(new PlannedStep(StepCode.AttachAtHost, $"bind {path}")
            {
                Text = path,
                Handle = new BindHandle(path, Recursive: true) { Propagation = MountFlags.MS_PRIVATE, RecursivePropagation = true },
            });
        }

        steps.Add(new PlannedStep(StepCode.OpenRoot, $"open {path}") { Text = path });
    }

    private static void AddTerminal(List<PlannedStep> steps, RuntimeSpec spec)
    {
        bool own = Array.Exists(spec.Mounts ?? [], mount => mount.Type == "devpts" && ContainerPath.Clean(mount.Destination) == "/dev/pts");
        steps.Add(Terminal(spec.Process!, fromHost: !own));
        steps.Add(new PlannedStep(StepCode.Console, "mount /dev/console"));
    }

    public static PlannedStep Terminal(SpecProcess process, bool fromHost) => new(StepCode.Terminal, "open a terminal")
    {
        Value = process.ConsoleSize?.Height ?? 0,
        Other = process.ConsoleSize?.Width ?? 0,
        Number = fromHost ? 1 : 0,
    };

    private static ulong RootPropagation(SpecLinux linux)
    {
        if (linux.RootfsPropagation is not { Length: > 0 } name)
            return 0;
        var options = MountOptions.Parse([name]);
        return options.Propagation != 0
            ? options.Propagation
            : throw new RuntimeException(ErrorKind.InvalidParameter, "rootfsPropagation", $"rootfsPropagation={name} is not supported");
    }

    private static long Personality(SpecPersonality personality) => personality.Domain switch
    {
        _ when personality.Flags is { Length: > 0 } => throw new RuntimeException(
            ErrorKind.InvalidParameter, "personality", "personality flags are not supported"),
        "LINUX" => 0,
        "LINUX32" => 8,
        _ => throw new RuntimeException(ErrorKind.InvalidParameter, "personality", $"unknown personality domain {personality.Domain}"),
    };
}
