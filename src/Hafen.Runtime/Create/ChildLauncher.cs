using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Namespaces;
using Hafen.Linux.Processes;
using Hafen.Linux.Sockets;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Create;

/// <summary>How to clone.</summary>
internal sealed record LaunchRequest
{
    public required IReadOnlyList<PlannedStep> Plan { get; init; }

    /// <summary>CLONE_NEW… flags.</summary>
    public ulong Namespaces { get; init; }

    /// <summary>Directory of a v2 cgroup to be born in, or -1.</summary>
    public int CloneTarget { get; init; } = -1;

    /// <summary>Namespaces that this thread enters for the moment of the clone, so that the child is born in them, with their setns flag.</summary>
    public IReadOnlyList<(PlannedHandle Namespace, ulong Flag)> BornIn { get; init; } = [];

    /// <summary>The user namespace that a pid namespace the child is born in must belong to: those who live in another could trace it there.</summary>
    public PlannedHandle? PidOwner { get; init; }

    /// <summary>Descriptors from 3 on that the process inherits.</summary>
    public int PreserveDescriptors { get; init; }

    /// <summary>Whether others may trace the child before its execve. Not when it enters a pid namespace that others live in.</summary>
    public bool Dumpable { get; init; }

    /// <summary>Whether the child clones itself once more (<see cref="StepCode.Descend"/>) and the launch lasts until then.</summary>
    public bool Descends { get; init; }

    /// <summary>What the parent does for the new child before anything else; gets its pid. The child then receives <see cref="ParentSignal.Mapped"/>.</summary>
    public Action<int>? Prepare { get; init; }

    /// <summary>See <see cref="ChildChannel"/>; gets the pid.</summary>
    public Action<int>? Hooks { get; init; }
}

/// <summary>The one place that clones. Only for a process with a single managed thread (architecture, rule 1).</summary>
internal static unsafe class ChildLauncher
{
    private const int SIGCHLD = 17, SIGKILL = 9, PR_GET_DUMPABLE = 3;

    /// <exception cref="RuntimeException">The clone failed; nothing is left behind.</exception>
    public static (int Pid, Descriptor PidDescriptor, ChildChannel Channel) Launch(LaunchRequest request)
    {
        using var plan = new NativePlan(request.Plan);
        using var proc = OpenProc();
        var pair = PacketSocket.CreatePair();
        using var childEnd = new Descriptor(pair.Second);
        var parentEnd = new Descriptor(pair.First);
        var (pid, pidDescriptor) = Clone(request, plan, childEnd.Number, proc.Number);
        childEnd.Dispose();

        int hookPid = pid;
        var channel = new ChildChannel(parentEnd, request.Plan, request.Hooks is { } hooks ? () => hooks(hookPid) : null);
        try
        {
            if (request.Prepare is { } prepare)
            {
                prepare(pid);
                channel.Send(ParentSignal.Mapped);
            }

            if (!request.Descends)
                return (pid, pidDescriptor, channel);
            var further = channel.WaitDescended();
            Children.Wait(pid);
            pidDescriptor.Dispose();
            pidDescriptor = further;
            pid = hookPid = Pidfd.PidOf(further.Number);
            return (pid, pidDescriptor, channel);
        }
        catch
        {
            ProcessControl.Kill(pid, SIGKILL);
            Children.Wait(pid);
            pidDescriptor.Dispose();
            channel.Dispose();
            throw;
        }
    }

    private static (int Pid, Descriptor PidDescriptor) Clone(LaunchRequest request, NativePlan plan, int sync, int proc)
    {
        int descriptor = -1;
        var arguments = new clone_args
        {
            flags = request.Namespaces | NamespaceFlags.CLONE_PIDFD | NamespaceFlags.CLONE_CLEAR_SIGHAND,
            pidfd = (ulong)&descriptor,
            exit_signal = SIGCHLD,
        };
        if (request.CloneTarget >= 0)
        {
            arguments.flags |= NamespaceFlags.CLONE_INTO_CGROUP;
            arguments.cgroup = (ulong)request.CloneTarget;
        }

        using var detour = new NamespaceDetour(request.BornIn, request.PidOwner);
        nint dumpable = SystemCall.Call(SystemCall.prctl, PR_GET_DUMPABLE);
        if (!request.Dumpable)
            SystemCall.Call(SystemCall.prctl, ProcessControl.PR_SET_DUMPABLE);
        var steps = plan.Steps;
        int count = plan.Count;
        var environment = EnvironmentBlock.OfThisProcess();
        int* kept = plan.Descriptors([0, 1, 2, sync, proc, .. Enumerable.Range(3, request.PreserveDescriptors)], out int keptCount);

        nint pid = SystemCall.Direct(SystemCall.clone3, (nint)(&arguments), sizeof(clone_args));
        if (pid == 0)
            Child.Run(steps, count, sync, proc, kept, keptCount, environment);

        if (!request.Dumpable)
            SystemCall.Call(SystemCall.prctl, ProcessControl.PR_SET_DUMPABLE, dumpable);
        if (pid < 0)
            throw new RuntimeException(ErrorKind.System, "clone", $"clone3: {Errno.Text((int)-pid)}", (int)-pid);
        return ((int)pid, new Descriptor(descriptor));
    }

    private static Descriptor OpenProc()
    {
        var proc = Files.Open("/proc", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (FileSystemMagic.Of(proc.Number) == FileSystemMagic.PROC_SUPER_MAGIC)
            return proc;
        proc.Dispose();
        throw new RuntimeException(ErrorKind.System, "open /proc", "/proc is not a procfs");
    }
}
