using Hafen.Errors;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Events;
using Hafen.Linux.Processes;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>kill [--all] ID [SIGNAL]</c>: TERM when no signal is given.</summary>
internal static class KillVerb
{
    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, ["all|a"], []);
        var stored = global.States.Load(options.Id);
        int signal = SignalArgument.Parse(options.Arguments.Count > 1 ? options.Arguments[1] : "SIGTERM");
        if (options.Has("all"))
        {
            // Also of a container whose init has gone: its other processes may live on in a pid namespace of the host's.
            using var cgroup = StateFolder.CgroupOf(stored);
            cgroup.Kill(signal);
            return 0;
        }

        var status = global.States.StatusOf(stored);
        if (!status.CanKill())
            throw new RuntimeException(ErrorKind.NotRunning, "kill", "container not running");
        using var init = Pidfd.Open(stored.Pid);
        if (!StateFolder.IsAlive(stored) || !Pidfd.SendSignal(init.Number, signal))
            throw new RuntimeException(ErrorKind.NotRunning, "kill", "container not running");
        if (signal == SignalMask.SIGKILL && status == ContainerStatus.Paused)
            Release(stored);
        return 0;
    }

    /// <summary>On cgroup v1 a frozen process does not die before it is thawed; v2 lets it.</summary>
    private static void Release(StoredContainer stored)
    {
        using var cgroup = StateFolder.CgroupOf(stored);
        if (cgroup.Hierarchies.Mode != CgroupMode.Unified)
            cgroup.Thaw();
    }
}
