using Hafen.Engine.Monitors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Processes;
using Hafen.Linux.Procfs;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>What can be done to a container past a monitor that cannot be reached: its processes are in its cgroup, and its init is the monitor's child.</summary>
internal sealed class WithoutMonitor(ContainerCgroups cgroups, ILogger log)
{
    private const char Zombie = 'Z';

    /// <summary>Sends a signal: SIGKILL to all processes, any other to init.</summary>
    /// <returns>False when there is no process to signal.</returns>
    public bool Signal(Container container, int signal)
    {
        try
        {
            if (signal != SignalText.SIGKILL)
                return SignalInit(container, signal);
            using var cgroup = cgroups.Open(container);
            if (!cgroup.Exists)
                return false;
            cgroup.Kill(signal);
            return true;
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException)
        {
            EngineLog.StepFailed(log, container.Id, $"send signal {signal} without its monitor", exception.Message);
            return false;
        }
    }

    /// <summary>
    /// Ends a monitor that does not tell of its container's end. Its container's processes have been killed; while one is left, in the midst of a system call that
    /// cannot be broken off, the monitor is left, too.
    /// </summary>
    public void EndMonitor(Container container)
    {
        if (container.Run is not { } run || HasProcesses(container))
            return;
        // The monitor has not taken init's status from the kernel yet, or would have told of it.
        run.NoteEnd(InitStatus(container, run.Monitor));
        EngineLog.MonitorKilled(log, container.Id, run.Monitor.Pid);
        run.Monitor.Kill();
    }

    private static bool SignalInit(Container container, int signal)
    {
        if (container.Monitor is not { } monitor)
            return false;
        using var init = Pidfd.Open(container.State.Pid);
        // Opened first, then asked whose child it is: the pid may have become another process's before, but not after.
        return ProcessStat.TryRead(container.State.Pid, out var stat) && stat.Ppid == monitor.Pid && stat.State != Zombie && Pidfd.SendSignal(init.Number, signal);
    }

    private bool HasProcesses(Container container)
    {
        try
        {
            using var cgroup = cgroups.Open(container);
            return cgroup.Exists && cgroup.Pids().Length > 0;
        }
        catch (Exception exception) when (exception is LinuxException or CgroupException or IOException)
        {
            return false;
        }
    }

    private static MonitorExited? InitStatus(Container container, IMonitor monitor)
    {
        if (!ProcessStat.TryRead(container.State.Pid, out var stat) || stat.Ppid != monitor.Pid || stat.State != Zombie)
            return null;
        return new MonitorExited { ExitCode = ChildExit.FromWaitStatus(stat.Pid, stat.ExitStatus).ExitCode, OomKilled = false, FinishedAt = DateTimeOffset.UtcNow };
    }
}
