using Hafen.Linux.Capabilities;
using Hafen.Linux.Processes;
using Hafen.Linux.Seccomp;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Security;

/// <summary>
/// The step into a pid namespace that others live in. Who may trace there (CAP_SYS_PTRACE) sees the process from then on, its memory, root folder and
/// descriptors, and can act in its place. So it comes when nothing of the host is left in the process, and no right that the program will not have
/// (the class of CVE-2016-9962).
/// </summary>
internal static class ProcessEntry
{
    /// <summary>Where it stands among the last steps of a process.</summary>
    public enum Place
    {
        /// <summary>As late as can be: all rights are gone, the filter stands.</summary>
        AfterFilter,
        /// <summary>The filter is still to come. It needs CAP_SYS_ADMIN for that, unless there is no filter or no_new_privs is set.</summary>
        BeforeFilter,
        /// <summary>Before the process gets its scheduler: a clone would not hand that on. It has all rights of its container's root then.</summary>
        First,
    }

    public static Place PlaceOf(SpecProcess process, ProcessSurroundings surroundings)
    {
        // A deadline task cannot clone, and who asks for a reset on fork would not keep the policy.
        if (process.Scheduler is { } scheduler && (scheduler.Policy == "SCHED_DEADLINE" || Array.IndexOf(scheduler.Flags ?? [], "SCHED_FLAG_RESET_ON_FORK") >= 0))
            return Place.First;
        if (process.NoNewPrivileges || surroundings.Filter is not { } filter)
            return Place.BeforeFilter;
        // Hooks are programs of the host's; the container's filter is not for them.
        return surroundings.StartHooks.Count == 0 && AllowsWhatFollows(filter, process) ? Place.AfterFilter : Place.BeforeFilter;
    }

    /// <summary>The steps.</summary>
    /// <param name="terminal">Whether the process has a terminal.</param>
    /// <param name="waits">Whether the process waits until its parent knows it, which is before the parent could have to reap it.</param>
    public static List<PlannedStep> Steps(bool terminal, bool waits)
    {
        var steps = new List<PlannedStep> { new(StepCode.Descend, "clone into the pid namespace") };
        if (waits)
            steps.Add(Wait());
        steps.Add(new PlannedStep(StepCode.NewSession, "setsid"));
        if (terminal)
            steps.Add(TakeTerminal());
        return steps;
    }

    public static PlannedStep Wait() => new(StepCode.Await, "wait to be let in") { Value = ParentSignal.Known };

    public static PlannedStep TakeTerminal() => new(StepCode.ControllingTerminal, "take the terminal");

    /// <summary>Asks the filter about each system call that is made after it. Where its answer depends on an address, which is not known yet, it is asked about 0.</summary>
    private static bool AllowsWhatFollows(byte[] filter, SpecProcess process)
    {
        const ulong CLONE_PARENT_AND_PIDFD = 0x8000 | 0x1000;
        int[] calls =
        [
            SystemCall.capset, SystemCall.prctl, SystemCall.sendmsg, SystemCall.exit_group, SystemCall.pidfd_send_signal, SystemCall.read, SystemCall.setsid,
            SystemCall.prlimit64, SystemCall.write, SystemCall.rt_sigaction, SystemCall.rt_sigprocmask, SystemCall.execve,
        ];
        return SeccompEvaluator.Allows(filter, SystemCall.clone, CLONE_PARENT_AND_PIDFD)
            && (!process.Terminal || SeccompEvaluator.Allows(filter, SystemCall.ioctl, 0, ChildTerminal.TIOCSCTTY))
            && Array.TrueForAll(calls, call => SeccompEvaluator.Allows(filter, call));
    }
}
