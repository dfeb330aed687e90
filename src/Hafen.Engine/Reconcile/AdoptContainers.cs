using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Reconcile;

/// <summary>
/// Takes over the containers that an earlier daemon started. Whether one runs is the kernel's to say: its monitor's process is there or it is not. Whether
/// the monitor can be talked to is found out afterwards, by all at a time, and decides nothing.
/// </summary>
internal static class AdoptContainers
{
    private const int AtATime = 16;

    /// <summary>Finds out what became of each container; takes no longer when monitors hang.</summary>
    public static async Task AdoptAllAsync(ContainerEngine engine, CancellationToken cancellationToken)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = AtATime, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(engine.Store.All, options, async (container, _) =>
        {
            if (Transitions.HasProcess(container.Status)) await AdoptAsync(engine, container).ConfigureAwait(false);
        }).ConfigureAwait(false);
    }

    /// <summary>The monitor has said who it is: what happened while nobody listened to it.</summary>
    public static void Greeted(ContainerEngine engine, Container container, MonitorGreeted greeted)
    {
        if (greeted.Again) EngineLog.MonitorFoundAgain(engine.Log, container.Id);
        if (greeted.Hello.LostLogLines is > 0 and var lost) EngineLog.LogLinesLost(engine.Log, container.Id, lost);
        ExecEnd.HandleMissed(engine, container, greeted.Hello.Execs);
        foreach (var exec in greeted.Hello.Execs) AdoptExec(engine, container, exec);
        engine.Adoption.Settle(container.Id);
        // The daemon that was about to start it died in between: the process that counts has never been executed, and nobody is left to say that it shall be.
        if (greeted.Hello.State is MonitorState.Empty or MonitorState.Created && container.Monitor is { } monitor)
            engine.Background.Run(() => EndUnstartedAsync(monitor));
    }

    private static async Task EndUnstartedAsync(IMonitor monitor)
    {
        try
        {
            await monitor.SignalAsync(null, SignalNames.SIGKILL, CancellationToken.None).ConfigureAwait(false);
            // Answered when nothing of it is left; the monitor ends then.
            await monitor.StartAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (MonitorException e) when (e.Failure.Kind != ErrorKind.NotRunning)
        {
            return;
        }
        catch (Exception e) when (e is IOException or MonitorException)
        {
            // It has no container, or hangs again.
        }
        monitor.Kill();
    }

    private static async ValueTask AdoptAsync(ContainerEngine engine, Container container)
    {
        try
        {
            await SettleAsync(engine, container).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Not knowing is no end, and what is odd about one container keeps neither the others nor the daemon: it is looked for again.
            EngineLog.StepFailed(engine.Log, container.Id, "find its monitor", e.Message);
        }
    }

    /// <summary>Finds out what became of it: it is taken over or ended.</summary>
    private static async Task SettleAsync(ContainerEngine engine, Container container)
    {
        // After a reboot nothing is believed to run, whatever a pid names now. What a monitor wrote down about the end counts while it still takes leave of clients.
        bool ended = container.State.BootId != engine.Rooms.Host.BootId || engine.Rooms.Monitors.ReadExit(container.Id) is not null;
        if (!ended && engine.Rooms.Monitors.Find(container.Id) is { } monitor)
        {
            Take(engine, container, monitor);
            return;
        }
        engine.RecordEnd(container, engine.FindExit(container), restart: false);
        await engine.CleanUpRunAsync(container, null).ConfigureAwait(false);
    }

    private static void Take(ContainerEngine engine, Container container, IMonitor monitor)
    {
        engine.Adoption.Expect(container.Id);
        container.Monitor = monitor;
        container.Attachments.BeginLive(monitor);
        FollowFreezer(engine, container);
        BeginVolumes(engine, container);
    }

    /// <summary>Goes on, in the background, until it is known what became of it.</summary>
    public static async Task SearchAsync(ContainerEngine engine, Container container)
    {
        if (!await AskAgain.UntilAnsweredAsync(engine, container, "find its monitor", () => SettleLaterAsync(engine, container)).ConfigureAwait(false)) return;
        // One that has ended meanwhile is removed or started again, as its options say.
        if (!Transitions.HasProcess(container.Status)) await OpenEngine.FinishAsync(engine, container).ConfigureAwait(false);
    }

    private static async Task SettleLaterAsync(ContainerEngine engine, Container container)
    {
        using var _ = await container.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        if (container.Monitor is not null || !Transitions.HasProcess(container.Status)) return;
        await SettleAsync(engine, container).ConfigureAwait(false);
        if (container.Monitor is { } monitor) engine.BeginListening(container, monitor);
    }

    /// <summary>
    /// Whether it is paused is the kernel's to say, too. What is written down is older when the last daemon died between the one and the other, or when the disk
    /// was full: believed, it would show a container as paused that works, or leave one that nobody could resume.
    /// </summary>
    private static void FollowFreezer(ContainerEngine engine, Container container)
    {
        try
        {
            using var cgroup = KillContainer.OpenCgroup(engine, container);
            if (!cgroup.Exists) return;
            bool frozen = cgroup.State != FreezerState.Thawed;
            if (frozen == (container.Status == ContainerStatus.Paused)) return;
            container.Transit(frozen ? ContainerChange.Paused : ContainerChange.Resumed, static s => s);
            engine.Store.SaveState(container);
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException or UnauthorizedAccessException)
        {
            EngineLog.StepFailed(engine.Log, container.Id, "see whether it is paused", e.Message);
        }
    }

    /// <summary>It runs and has its volumes mounted, whatever has become of their folders meanwhile.</summary>
    private static void BeginVolumes(ContainerEngine engine, Container container)
    {
        try
        {
            VolumeUse.Begin(engine, container);
        }
        catch (HafenException e)
        {
            EngineLog.StepFailed(engine.Log, container.Id, "take note of its volumes", e.Message);
        }
    }

    /// <summary>Its client still holds the stream and will ask for the exit code; what was asked for is not known any more.</summary>
    private static void AdoptExec(ContainerEngine engine, Container container, MonitorExecState exec)
    {
        if (engine.Execs.TryGet(exec.ExecId, out _)) return;
        var session = new ExecSession(exec.ExecId, container, new ExecCreateRequest { Cmd = [""] }, []);
        session.Begin();
        session.Started(exec.Pid);
        container.Execs[session.Id] = session;
        engine.Execs.Add(session);
    }
}
