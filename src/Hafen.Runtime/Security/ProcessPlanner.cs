using System.Runtime.InteropServices;
using Hafen.Errors;
using Hafen.Linux.Capabilities;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Security;

/// <summary>What the last steps of a process depend on besides its specification.</summary>
internal sealed record ProcessSurroundings
{
    public required CapabilitySets Capabilities { get; init; }

    public required int LastCapability { get; init; }

    /// <summary>Compiled seccomp filter, or null.</summary>
    public byte[]? Filter { get; init; }

    public uint FilterFlags { get; init; }

    /// <summary>Descriptors from 3 on that are handed on.</summary>
    public int PreserveDescriptors { get; init; }

    /// <summary>Whether the process is in a user namespace of the container's: who denied setgroups there had no groups to drop.</summary>
    public bool UserNamespace { get; init; }

    /// <summary>The steps into a pid namespace that others live in (<see cref="ProcessEntry"/>); empty when the process is born where it stays.</summary>
    public IReadOnlyList<PlannedStep> Entry { get; init; } = [];

    /// <summary>Hooks between start and execve.</summary>
    public IReadOnlyList<PlannedStep> StartHooks { get; init; } = [];

    /// <summary>FIFO that <c>start</c> writes to, when the parent does not stay; else null.</summary>
    public PlannedHandle? StartFifo { get; init; }

    /// <summary>Whether to stop at Ready until told to start.</summary>
    public bool WaitForStart { get; init; }
}

/// <summary>From a process's specification to the steps that end in its execve. The order is the kernel's: each step still has the rights it needs.</summary>
internal static class ProcessPlanner
{
    private const int FirstInherited = 3, HomeRoom = 4096;

    // CAP_SYS_ADMIN.
    private const ulong FilterRight = 1UL << 21;

    /// <exception cref="RuntimeException">InvalidArgument.</exception>
    public static void Add(List<PlannedStep> steps, SpecProcess process, ProcessSurroundings surroundings)
    {
        var user = process.User;
        bool enters = surroundings.Entry.Count > 0;
        var place = ProcessEntry.PlaceOf(process, surroundings);

        // 1. The streams go to the user while CAP_CHOWN is there.
        steps.Add(new PlannedStep(StepCode.OwnStreams, "give the standard streams to the user") { Value = user.Uid });
        AddEnvironmentSteps(steps, process);

        // 2. Settings that want privileges.
        if (process.NoNewPrivileges)
            steps.Add(new PlannedStep(StepCode.NoNewPrivileges, "set no_new_privs"));
        bool first = enters && place == ProcessEntry.Place.First;
        if (first)
        {
            steps.Add(CloseDescriptors(surroundings));
            steps.AddRange(surroundings.Entry);
        }

        if (process.Scheduler is { } scheduler)
            steps.Add(new PlannedStep(StepCode.Scheduler, "set scheduler attributes") { Data = SchedulerAttributes.Encode(scheduler) });
        if (process.IoPriority is { } priority)
            steps.Add(new PlannedStep(StepCode.IoPriority, "set I/O priority") { Value = IoPriority.Encode(priority) });
        // While one more process is to be made on the way, it must not count for the program's own number.
        var late = enters && !first ? Array.FindAll(process.Rlimits ?? [], limit => limit.Type == "RLIMIT_NPROC") : [];
        foreach (var limit in process.Rlimits ?? [])
            steps.Add(Array.IndexOf(late, limit) < 0 ? Limit(limit) : Limit(limit) with { Code = StepCode.LiftLimit });

        // 3. Bounding set while CAP_SETPCAP is there; user with capabilities kept; then the sets. Without no_new_privs only CAP_SYS_ADMIN may install a
        // filter, so that one stays permitted until then, without taking effect.
        bool lateRight = surroundings.Filter is not null && !process.NoNewPrivileges;
        var sets = surroundings.Capabilities;
        steps.Add(new PlannedStep(StepCode.BoundingSet, "drop capabilities from the bounding set")
        {
            Value = (long)surroundings.Capabilities.Bounding,
            Number = surroundings.LastCapability,
        });
        AddWorkingDirectory(steps, process.Cwd, lenient: true);
        steps.Add(new PlannedStep(StepCode.User, $"become user {user.Uid}, group {user.Gid}")
        {
            Value = user.Uid,
            Other = user.Gid,
            Data = MemoryMarshal.AsBytes((user.AdditionalGids ?? []).AsSpan()).ToArray(),
            Number = surroundings.UserNamespace ? 1 : 0,
        });
        steps.Add(Capabilities(lateRight ? sets with { Permitted = sets.Permitted | FilterRight } : sets));
        AddWorkingDirectory(steps, process.Cwd, lenient: false);

        // 4. What will be executed is looked up as the user it runs as.
        steps.Add(FindExecutable(process));
        steps.Add(new PlannedStep(StepCode.Umask, "umask") { Value = user.Umask ?? 0x12 });
        if (!first)
            steps.Add(CloseDescriptors(surroundings));

        // 5. Into the company of others, as late as the filter allows.
        bool filtered = enters && place == ProcessEntry.Place.AfterFilter;
        if (filtered)
            AddFilter(steps, surroundings, lateRight);
        if (!first)
            steps.AddRange(surroundings.Entry);
        foreach (var limit in late)
            steps.Add(Limit(limit));

        if (surroundings.WaitForStart)
        {
            steps.Add(new PlannedStep(StepCode.Report, "report ready") { Value = (long)ChildMessageKind.Ready });
            if (surroundings.StartFifo is null)
            {
                steps.Add(new PlannedStep(StepCode.Await, "wait for start") { Value = ParentSignal.Start });
            }
            else
            {
                // Only what others can find waits without its maker.
                steps.Add(new PlannedStep(StepCode.Await, "wait to be recorded") { Value = ParentSignal.Known });
                steps.Add(new PlannedStep(StepCode.AwaitFifo, "wait for start"));
            }
        }

        steps.AddRange(surroundings.StartHooks);

        // 6. The filter comes last: what it need not allow is nearly everything this runtime calls. Profiles that are older than some system calls work.
        steps.Add(new PlannedStep(StepCode.Announce, "announce execve"));
        if (!filtered)
            AddFilter(steps, surroundings, lateRight);
        steps.Add(Execute(process));
    }

    private static void AddFilter(List<PlannedStep> steps, ProcessSurroundings surroundings, bool lateRight)
    {
        var sets = surroundings.Capabilities;
        if (lateRight)
            steps.Add(Capabilities(sets with { Permitted = sets.Permitted | FilterRight, Effective = sets.Effective | FilterRight }));
        if (surroundings.Filter is { } filter)
            steps.Add(new PlannedStep(StepCode.Seccomp, "install seccomp filter") { Data = filter, Value = surroundings.FilterFlags });
        if (lateRight)
            steps.Add(Capabilities(sets));
    }

    /// <summary>The files to try for a command: itself when it has a slash, else one in each folder of PATH.</summary>
    public static string[] Candidates(string command, string[]? environment)
    {
        if (command.Contains('/'))
            return [command];
        if (command.Length == 0)
            return [];
        const string Path = "PATH=";
        string path = Array.FindLast(environment ?? [], line => line.StartsWith(Path, StringComparison.Ordinal))?[Path.Length..] ?? "";
        // An empty or relative folder would mean the working directory, which Go's rules do not search either.
        return [.. path.Split(':').Where(folder => folder.StartsWith('/')).Select(folder => folder.EndsWith('/') ? folder + command : $"{folder}/{command}")];
    }

    private static PlannedStep FindExecutable(SpecProcess process)
    {
        string command = process.Args![0];
        return new PlannedStep(StepCode.FindExecutable, "exec")
        {
            Text = command,
            Strings = Candidates(command, process.Env),
            Value = command.Contains('/') ? 1 : 0,
        };
    }

    private static PlannedStep Execute(SpecProcess process)
    {
        string[] environment = process.Env ?? [];
        return new PlannedStep(StepCode.Execute, "exec")
        {
            Text = $"exec {process.Args![0]}: error ",
            Second = process.Args[0],
            Strings = process.Args,
            Environment = HasHome(environment) ? environment : [.. environment, "HOME=/"],
        };
    }

    private static PlannedStep CloseDescriptors(ProcessSurroundings surroundings) => new(StepCode.CloseDescriptors, "close descriptors")
    {
        Value = FirstInherited + surroundings.PreserveDescriptors,
        Handle = surroundings.StartFifo,
    };

    private static void AddEnvironmentSteps(List<PlannedStep> steps, SpecProcess process)
    {
        if (HasHome(process.Env ?? []))
            return;
        byte[] room = new byte[HomeRoom];
        "HOME="u8.CopyTo(room);
        steps.Add(new PlannedStep(StepCode.HomeVariable, "find the user's home") { Value = process.User.Uid, Data = room });
    }

    private static bool HasHome(string[] environment) => Array.Exists(environment, line => line.StartsWith("HOME=", StringComparison.Ordinal));

    private static void AddWorkingDirectory(List<PlannedStep> steps, string path, bool lenient) =>
        steps.Add(new PlannedStep(StepCode.WorkingDirectory, "chdir") { Text = path, Value = lenient ? 1 : 0 });

    private static PlannedStep Capabilities(CapabilitySets sets) => new(StepCode.Capabilities, "set capabilities") { Data = sets.ToBytes() };

    private static PlannedStep Limit(SpecRlimit limit)
    {
        if (limit.Soft > limit.Hard)
            throw new RuntimeException(ErrorKind.InvalidParameter, "rlimits", $"{limit.Type}: the soft limit {limit.Soft} is above the hard limit {limit.Hard}");
        return new PlannedStep(StepCode.ResourceLimit, $"error setting rlimit {limit.Type} to {limit.Soft}:{limit.Hard}")
        {
            Number = ResourceLimits.Number(limit.Type),
            Value = (long)limit.Soft,
            Other = (long)limit.Hard,
        };
    }
}
