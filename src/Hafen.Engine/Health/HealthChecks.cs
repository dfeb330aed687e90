using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.State;

namespace Hafen.Engine.Health;

/// <summary>Checks the health of a container as long as it runs; while it is paused nothing is asked of it.</summary>
internal static class HealthChecks
{
    /// <summary>Begins for a container that has just been started, or was found running. Does nothing when it has no health check.</summary>
    public static void BeginHealthChecks(this ContainerEngine engine, Container container)
    {
        var config = container.Record.Config;
        if (HealthRules.Command(config.Healthcheck, config.Shell) is not { } command) return;
        container.Amend(static s => s with { Health = HealthRules.Begin(s.Health) });
        var stop = CancellationTokenSource.CreateLinkedTokenSource(engine.Stopping.Token);
        container.HealthStop = stop;
        engine.Background.Run(async () =>
        {
            try
            {
                await CheckAsync(engine, container, config.Healthcheck!, command, stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                // The container has ended, or the daemon does.
            }
            catch (Exception e)
            {
                EngineLog.StepFailed(engine.Log, container.Id, "check its health", e.Message);
            }
            finally
            {
                stop.Dispose();
            }
        });
    }

    /// <summary>Ends them. A check that runs dies with its container.</summary>
    public static void EndHealthChecks(this Container container)
    {
        var stop = container.HealthStop;
        container.HealthStop = null;
        try
        {
            stop?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // They had ended by themselves.
        }
    }

    private static async Task CheckAsync(ContainerEngine engine, Container container, HealthConfig config, string[] command, CancellationToken stop)
    {
        var started = container.State.StartedAt ?? DateTimeOffset.UtcNow;
        while (true)
        {
            var health = container.State.Health;
            if (health is null) return;
            await Task.Delay(HealthRules.Wait(config, health.Status, DateTimeOffset.UtcNow - started), stop).ConfigureAwait(false);
            if (container.Status != ContainerStatus.Running) continue;
            var sinceStart = DateTimeOffset.UtcNow - started;
            var result = await HealthProbe.RunAsync(engine, container, command, HealthRules.Timeout(config), stop).ConfigureAwait(false);
            // A check that was frozen with its container says nothing.
            if (container.Status == ContainerStatus.Running) Note(engine, container, result, config, sinceStart, stop);
        }
    }

    private static void Note(ContainerEngine engine, Container container, HealthResult result, HealthConfig config, TimeSpan sinceStart, CancellationToken stop)
    {
        string before = "";
        var state = container.Amend(s =>
        {
            // The end of the container may come between; then its word counts.
            if (s.Health is not { } health || stop.IsCancellationRequested) return s;
            before = health.Status;
            return s with { Health = HealthRules.After(health, result, config, sinceStart) };
        });
        if (before.Length > 0 && state.Health!.Status != before) engine.Publish(container, $"health_status: {state.Health.Status}");
    }
}
