using Hafen.Engine.Exec;
using Hafen.Engine.Health;
using Hafen.Engine.Monitors;
using Hafen.Engine.Reconcile;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Follows a run from its start, or from the moment it was found, to its end: its health, and what its monitor says.</summary>
internal sealed class WatchRun(
    HealthChecks health,
    AnswerGreeting greeting,
    ExecEnd execs,
    FindExit find,
    ContainerEnd end,
    ContainerEvents events,
    Adoption adoption,
    Stopping stopping,
    BackgroundWork background,
    ILogger log)
{
    /// <summary>Begins, in the background; <see cref="Container.Watch"/> tells when all is over.</summary>
    /// <param name="container">The caller holds its gate.</param>
    /// <param name="run">The run that goes on.</param>
    public void Begin(Container container, ContainerRun run)
    {
        health.Begin(container, run);
        container.WatchedBy(WatchAsync(container, run));
    }

    /// <summary>Runs until the monitor is gone.</summary>
    private Task WatchAsync(Container container, ContainerRun run)
    {
        var watched = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        background.Run(async () =>
        {
            try
            {
                await ListenAsync(container, run);
            }
            catch (Exception exception)
            {
                EngineLog.ExitFailed(log, exception, container.Id);
            }
            finally
            {
                watched.SetResult();
            }
        });
        return watched.Task;
    }

    private async Task ListenAsync(Container container, ContainerRun run)
    {
        var exited = await ListenToOneAsync(container, run);
        if (exited is null && stopping.HasBegun)
            return;
        adoption.Settle(container.Id);
        await end.RunAsync(container, run, exited ?? find.Run(container, run));
    }

    /// <summary>The exit; null when the monitor's process ended without a word of it.</summary>
    private async Task<MonitorExited?> ListenToOneAsync(Container container, ContainerRun run)
    {
        // No token: whoever stops the engine disposes the monitor, which completes the channel.
        await foreach (var happened in run.Monitor.Events.ReadAllAsync(CancellationToken.None))
        {
            if (happened is MonitorExited exited)
                return exited;
            // What goes wrong with one of them must not keep the others from being heard, the end above all.
            Attempt.Run(container, $"deal with {happened.GetType().Name}", () => Deal(container, run, happened), log);
        }
        return null;
    }

    private void Deal(Container container, ContainerRun run, MonitorEvent happened)
    {
        switch (happened)
        {
            case MonitorGreeted greeted:
                greeting.Run(container, run, greeted);
                break;
            case MonitorExecExited exec:
                execs.Handle(container, run, exec);
                break;
            case MonitorOutOfMemory:
                run.NoteOutOfMemory();
                events.Publish(container, "oom");
                break;
            case MonitorDetached { ExecId: null }:
                events.Publish(container, "detach");
                break;
            case MonitorDetached { ExecId: { } execId }:
                events.Publish(container, "exec_detach", ("execID", execId));
                break;
        }
    }
}
