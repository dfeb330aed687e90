using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Health;
using Hafen.Engine.Monitors;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Reconcile;

/// <summary>
/// Takes over the containers that an earlier daemon started. Whether one runs is the kernel's to say: its monitor's process is there or it is not. Whether
/// the monitor can be talked to is found out afterwards, by all at a time, and decides nothing.
/// </summary>
internal static class AdoptContainers
{
    private const int AtATime = 16;
    private static readonly TimeSpan s_searchPause = TimeSpan.FromSeconds(1);

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
        // After a reboot nothing is believed to run, whatever a pid names now. What a monitor wrote down about the end counts while it still takes leave of clients.
        bool sameBoot = container.State.BootId == engine.Rooms.Host.BootId;
        if (!sameBoot || engine.Rooms.Monitors.ReadExit(container.Id) is not null)
        {
            await EndAsync(engine, container).ConfigureAwait(false);
            return;
        }
        try
        {
            if (engine.Rooms.Monitors.Find(container.Id) is { } monitor) Take(engine, container, monitor);
            else await EndAsync(engine, container).ConfigureAwait(false);
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            // Not knowing is no end.
            EngineLog.StepFailed(engine.Log, container.Id, "find its monitor", e.Message);
            _ = engine.Background.Run(() => SearchAsync(engine, container));
        }
    }

    private static void Take(ContainerEngine engine, Container container, IMonitor monitor)
    {
        engine.Adoption.Expect(container.Id);
        container.Monitor = monitor;
        container.Attachments.BeginLive(monitor);
        BeginVolumes(engine, container);
    }

    /// <summary>Until the kernel says whether its monitor is there.</summary>
    private static async Task SearchAsync(ContainerEngine engine, Container container)
    {
        do
        {
            await Task.Delay(s_searchPause, engine.Stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (engine.Stopping.IsCancellationRequested) return;
        }
        while (!await IsSettledAsync(engine, container).ConfigureAwait(false));
        // One that has ended meanwhile is removed or started again, as its options say.
        if (!Transitions.HasProcess(container.Status)) await OpenEngine.FinishAsync(engine, container).ConfigureAwait(false);
    }

    /// <returns>False when the kernel still cannot say.</returns>
    private static async Task<bool> IsSettledAsync(ContainerEngine engine, Container container)
    {
        using var _ = await container.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        if (container.Monitor is not null || !Transitions.HasProcess(container.Status)) return true;
        try
        {
            if (engine.Rooms.Monitors.Find(container.Id) is not { } monitor)
            {
                await EndAsync(engine, container).ConfigureAwait(false);
                return true;
            }
            Take(engine, container, monitor);
            engine.BeginListening(container, monitor);
            return true;
        }
        catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
        {
            EngineLog.StepFailed(engine.Log, container.Id, "find its monitor", e.Message);
            return false;
        }
    }

    private static async Task EndAsync(ContainerEngine engine, Container container)
    {
        var exited = engine.FindExit(container);
        var before = container.State;
        container.Transit(ContainerChange.Exited, s => s with
        {
            Pid = 0,
            ExitCode = exited.ExitCode,
            OomKilled = exited.OomKilled,
            FinishedAt = exited.FinishedAt,
            Endpoints = null,
            Health = HealthRules.End(s.Health),
        });
        container.ExitFileKept = !engine.Store.SaveState(container);
        engine.PublishEnd(container, before, exited);
        await engine.CleanUpRunAsync(container, null).ConfigureAwait(false);
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
