using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.State;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Health;

/// <summary>Checks the health of a container as long as it runs; while it is paused nothing is asked of it.</summary>
internal sealed class HealthChecks(HealthProbe probe, ContainerEvents events, Stopping stopping, BackgroundWork background, ILogger log)
{
    /// <summary>Begins for a container that has just been started, or was found running. Does nothing when it has no health check.</summary>
    /// <param name="container">The caller holds its gate.</param>
    /// <param name="run">The run that goes on; its end ends the checks.</param>
    public void Begin(Container container, ContainerRun run)
    {
        var config = container.Record.Config;
        if (HealthRules.Command(config.Healthcheck, config.Shell) is not { } command)
            return;
        container.Amend(static s => s with { Health = HealthRules.Begin(s.Health) });
        var stop = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        run.BeginHealthChecks(stop);
        background.Run(async () =>
        {
            try
            {
                await CheckAsync(container, config.Healthcheck!, command, stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The container has ended, or the daemon does.
            }
            catch (Exception exception)
            {
                EngineLog.StepFailed(log, container.Id, "check its health", exception.Message);
            }
            finally
            {
                stop.Dispose();
            }
        }, nameof(HealthChecks));
    }

    private async Task CheckAsync(Container container, HealthConfig config, string[] command, CancellationToken stop)
    {
        var started = container.State.StartedAt ?? DateTimeOffset.UtcNow;
        while (true)
        {
            var health = container.State.Health;
            if (health is null)
                return;
            await Task.Delay(HealthRules.Wait(config, health.Status, DateTimeOffset.UtcNow - started), stop);
            if (container.Status != ContainerStatus.Running)
                continue;
            var sinceStart = DateTimeOffset.UtcNow - started;
            var result = await probe.RunAsync(container, command, HealthRules.Timeout(config), stop);
            // A check that was frozen with its container says nothing.
            if (container.Status == ContainerStatus.Running)
                Note(container, result, config, sinceStart, stop);
        }
    }

    private void Note(Container container, HealthResult result, HealthConfig config, TimeSpan sinceStart, CancellationToken stop)
    {
        string before = "";
        var state = container.Amend(s =>
        {
            // The end of the container may come between; then its word counts.
            if (s.Health is not { } health || stop.IsCancellationRequested)
                return s;
            before = health.Status;
            return s with { Health = HealthRules.After(health, result, config, sinceStart) };
        });
        if (before.Length > 0 && state.Health!.Status != before)
            events.Publish(container, $"health_status: {state.Health.Status}");
    }
}
