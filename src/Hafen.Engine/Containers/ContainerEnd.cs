using Hafen.Engine.Containers.Spec;
using Hafen.Engine.Health;
using Hafen.Engine.Monitors;
using Hafen.Engine.Restart;
using Hafen.Engine.State;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Cgroups;
using Hafen.Monitor.Protocol;
using Hafen.Networking;

namespace Hafen.Engine.Containers;

/// <summary>Listens to a container's monitor and deals with the container's end: state, waiters, network, restart policy, <c>--rm</c>.</summary>
internal static class ContainerEnd
{
    private const int UnknownExitCode = 255, KilledExitCode = 137;

    /// <summary>Runs until the monitor is gone.</summary>
    public static Task WatchAsync(this ContainerEngine engine, Container container, IMonitor monitor)
    {
        var watched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.Background.Run(async () =>
        {
            try
            {
                await engine.ListenAsync(container, monitor).ConfigureAwait(false);
            }
            catch (Exception e)
            {
                EngineLog.ExitFailed(engine.Log, e, container.Id);
            }
            finally
            {
                watched.SetResult();
            }
        });
        return watched.Task;
    }

    private static async Task ListenAsync(this ContainerEngine engine, Container container, IMonitor monitor)
    {
        var exited = await engine.ListenToOneAsync(container, monitor).ConfigureAwait(false);
        if (exited is null && engine.Stopping.IsCancellationRequested) return;
        engine.Adoption.Settle(container.Id);
        await engine.HandleExitAsync(container, monitor, exited ?? engine.FindExit(container)).ConfigureAwait(false);
    }

    /// <summary>The exit; null when the monitor's process ended without a word of it.</summary>
    private static async Task<MonitorExited?> ListenToOneAsync(this ContainerEngine engine, Container container, IMonitor monitor)
    {
        // No token: whoever stops the engine disposes the monitor, which completes the channel.
        await foreach (var happened in monitor.Events.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            if (happened is MonitorExited end) return end;
            // What goes wrong with one of them must not keep the others from being heard, the end above all.
            Try(engine, container, $"deal with {happened.GetType().Name}", () => Deal(engine, container, happened));
        }
        return null;
    }

    private static void Deal(ContainerEngine engine, Container container, MonitorEvent happened)
    {
        switch (happened)
        {
            case MonitorGreeted greeted:
                Reconcile.AdoptContainers.Greeted(engine, container, greeted);
                break;
            case MonitorExecExited exec:
                Exec.ExecEnd.Handle(engine, container, exec);
                break;
            case MonitorOutOfMemory:
                container.OomTold = true;
                engine.Publish(container, "oom");
                break;
            case MonitorDetached { ExecId: null }:
                engine.Publish(container, "detach");
                break;
            case MonitorDetached { ExecId: { } execId }:
                engine.Publish(container, "exec_detach", ("execID", execId));
                break;
        }
    }

    /// <summary>What the monitor left behind, which is gone; when it left nothing, the container cannot be held without it and is ended.</summary>
    public static MonitorExited FindExit(this ContainerEngine engine, Container container)
    {
        if (engine.Rooms.Monitors.ReadExit(container.Id) is { } recorded) return recorded;
        var seen = container.SeenEnd;
        container.SeenEnd = null;
        if (seen is null) EngineLog.MonitorLost(engine.Log, container.Id, engine.Rooms.Monitors.ReadFailure(container.Id) ?? "it was killed");
        bool killed = DestroyCgroup(engine, container);
        return seen ?? new MonitorExited { ExitCode = killed ? KilledExitCode : UnknownExitCode, OomKilled = false, FinishedAt = DateTimeOffset.UtcNow };
    }

    /// <summary>Kills what may be left of a container and removes its cgroup.</summary>
    /// <returns>Whether processes were left.</returns>
    public static bool DestroyCgroup(ContainerEngine engine, Container container)
    {
        bool left = false;
        try
        {
            using var cgroup = Cgroup.Open(engine.Rooms.Cgroups, BuildRuntimeSpec.CgroupPath(container.Id, container.Record.HostConfig, engine.Options));
            if (!cgroup.Exists) return false;
            left = cgroup.Pids().Length > 0;
            cgroup.Kill(SignalNames.SIGKILL);
            cgroup.Destroy();
        }
        catch (Exception e) when (e is LinuxException or CgroupException or IOException)
        {
            EngineLog.StepFailed(engine.Log, container.Id, "remove the cgroup", e.Message);
        }
        return left;
    }

    private static async Task HandleExitAsync(this ContainerEngine engine, Container container, IMonitor monitor, MonitorExited exited)
    {
        using var ownership = await container.EnterAsync(CancellationToken.None).ConfigureAwait(false);
        if (container.Monitor != monitor) return;
        var record = container.Record;
        var before = container.State;
        var ran = exited.FinishedAt - (before.StartedAt ?? exited.FinishedAt);
        // Asked once, before those who wait go on: the restart they make is the end of the wish for it.
        bool byHand = container.RestartedByHand;
        bool restart = !engine.Stopping.IsCancellationRequested && !byHand
            && RestartDecision.ShouldRestart(record.HostConfig.RestartPolicy, exited.ExitCode, before.RestartCount, before.StoppedByHand);

        // 1. The state, and at once those who wait for it: what follows does not concern them.
        engine.RecordEnd(container, exited, restart);
        // Coming back for more tells the monitor that the exit is known; it then ends the streams of attached clients.
        monitor.Events.TryRead(out _);

        // 2. Give back what it held.
        await engine.CleanUpRunAsync(container, monitor).ConfigureAwait(false);

        // 3. Again, or away.
        if (restart)
        {
            engine.ScheduleRestart(container, ran);
        }
        else if (record.HostConfig.AutoRemove && !byHand)
        {
            try
            {
                await engine.RemoveOwnedAsync(container, removeVolumes: true).ConfigureAwait(false);
            }
            catch (HafenException)
            {
                // It is logged, and dead: who removes it once more has it tried again.
            }
        }
    }

    /// <summary>
    /// What the end of a run makes of its container, whoever has found it: the state, written or not, what ran in it, those who listen and those who wait.
    /// The caller holds the container's gate.
    /// </summary>
    public static void RecordEnd(this ContainerEngine engine, Container container, MonitorExited exited, bool restart)
    {
        var before = container.State;
        container.Monitor = null;
        container.Attachments.EndLive();
        var (after, waiting) = container.EndRun(restart ? ContainerChange.ExitedForRestart : ContainerChange.Exited, s => s with
        {
            Pid = 0,
            ExitCode = exited.ExitCode,
            OomKilled = exited.OomKilled,
            FinishedAt = exited.FinishedAt,
            Endpoints = null,
            Health = HealthRules.End(s.Health),
            RestartCount = restart ? s.RestartCount + 1 : s.RestartCount,
        });
        container.ExitFileKept = !engine.Store.SaveState(container);
        Try(engine, container, "end its health checks", container.EndHealthChecks);
        Try(engine, container, "end its execs", () => Exec.ExecEnd.HandleAll(engine, container));
        engine.PublishEnd(container, before, exited);
        waiting.Tell(new WaitResult(exited.ExitCode, after.Error));
        EngineLog.Ended(engine.Log, container.Id, exited.ExitCode);
        if (exited.LostLogLines > 0)
            EngineLog.LogLinesLost(engine.Log, container.Id, exited.LostLogLines);
    }

    private static void PublishEnd(this ContainerEngine engine, Container container, ContainerState before, MonitorExited exited)
    {
        var ran = exited.FinishedAt - (before.StartedAt ?? exited.FinishedAt);
        if (exited.OomKilled && !container.OomTold) engine.Publish(container, "oom");
        container.OomTold = false;
        engine.PublishNetworks(container, "disconnect", before.Endpoints);
        engine.PublishVolumesUnmounted(container);
        string duration = ((long)Math.Max(0, ran.TotalSeconds)).ToString(), code = exited.ExitCode.ToString();
        if (exited.LostLogLines > 0)
            engine.Publish(container, "die", ("execDuration", duration), ("exitCode", code), ("lostLogLines", exited.LostLogLines.ToString()));
        else
            engine.Publish(container, "die", ("execDuration", duration), ("exitCode", code));
    }

    /// <summary>
    /// Releases network, volumes and the monitor's folder after a run. Each in its own right: what one of them fails to give back keeps neither the others
    /// nor what comes after them.
    /// </summary>
    public static async Task CleanUpRunAsync(this ContainerEngine engine, Container container, IMonitor? monitor)
    {
        await TryAsync(engine, container, "release the network", () => engine.Rooms.Networks.ReleaseAsync(container.Id, CancellationToken.None)).ConfigureAwait(false);
        Try(engine, container, "unmount volumes", () => VolumeUse.End(engine, container));
        Try(engine, container, "unmount the shared memory", () => SharedMemory.End(engine, container));
        if (monitor is not null) await TryAsync(engine, container, "let go of the monitor", () => monitor.DisposeAsync().AsTask()).ConfigureAwait(false);
        // A daemon that finds the state of before looks for how it ended.
        if (!container.ExitFileKept) Try(engine, container, "remove the monitor's folder", () => engine.Rooms.Monitors.RemoveState(container.Id));
    }

    private static void Try(ContainerEngine engine, Container container, string step, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e)
        {
            EngineLog.StepFailed(engine.Log, container.Id, step, e.Message);
        }
    }

    private static async Task TryAsync(ContainerEngine engine, Container container, string step, Func<Task> work)
    {
        try
        {
            await work().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            EngineLog.StepFailed(engine.Log, container.Id, step, e.Message);
        }
    }

    /// <summary>Network events of a container, one a network.</summary>
    public static void PublishNetworks(this ContainerEngine engine, Container container, string action, IReadOnlyList<Endpoint>? endpoints)
    {
        foreach (var endpoint in endpoints ?? [])
        {
            string driver = engine.Rooms.Networks.Find(endpoint.NetworkId)?.Driver ?? "";
            engine.Events.Publish("network", action, endpoint.NetworkId, new Dictionary<string, string>
            {
                ["container"] = container.Id,
                ["name"] = endpoint.NetworkName,
                ["type"] = driver,
            });
        }
    }

    private static void ScheduleRestart(this ContainerEngine engine, Container container, TimeSpan ran)
    {
        var delay = RestartDecision.Delay(container.RestartDelay, ran);
        container.RestartDelay = delay;
        var wait = CancellationTokenSource.CreateLinkedTokenSource(engine.Stopping.Token);
        container.RestartWait = wait;
        engine.Background.Run(async () =>
        {
            try
            {
                await Task.Delay(delay, wait.Token).ConfigureAwait(false);
                using var ownership = await container.EnterAsync(wait.Token).ConfigureAwait(false);
                if (container.Status == ContainerStatus.Restarting && !wait.IsCancellationRequested)
                    await engine.StartOwnedAsync(container).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // Called off by a stop, a removal or the end of the daemon.
            }
            catch (HafenException e)
            {
                EngineLog.RestartFailed(engine.Log, e, container.Id);
            }
            finally
            {
                Interlocked.CompareExchange(ref container.RestartWaitField, null, wait);
                wait.Dispose();
            }
        });
    }
}
