using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Start;
using Hafen.Engine.Restart;
using Hafen.Engine.State;
using Hafen.Errors;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>Finishes what an earlier daemon had begun: completes removals, removes <c>--rm</c> containers that have ended, starts those whose policy says so.</summary>
internal sealed class FinishContainer(DeleteContainer delete, StartRun start, Stopping stopping, BackgroundWork background, ILogger log)
{
    /// <param name="container">It does not run.</param>
    /// <returns>The start that has begun; null when there is none.</returns>
    public async Task<Task?> RunAsync(Container container)
    {
        var policy = container.Record.HostConfig.RestartPolicy;
        using var _ = await container.EnterAsync(CancellationToken.None);
        try
        {
            switch (container.Status)
            {
                case ContainerStatus.Removing:
                    container.Transit(ContainerChange.RemovalFailed, static s => s);
                    await delete.RunAsync(container, container.State.RemovesVolumes);
                    return null;
                case ContainerStatus.Restarting:
                    container.Transit(ContainerChange.Exited, static s => s);
                    break;
                case ContainerStatus.Created when !container.State.HasRun:
                    return null;
            }
            var state = container.State;
            if (container.Status == ContainerStatus.Exited && container.Record.HostConfig.AutoRemove)
            {
                await delete.RunAsync(container, removeVolumes: true);
                return null;
            }
            if (!RestartDecision.StartsAtBoot(policy, state.StoppedByHand, state.ExitCode, state.RestartCount))
                return null;
            return background.Run(() => StartAgainAsync(container), nameof(FinishContainer));
        }
        catch (HafenException exception)
        {
            EngineLog.StepFailed(log, container.Id, "finish what was begun", exception.Message);
            return null;
        }
    }

    private async Task StartAgainAsync(Container container)
    {
        try
        {
            using var _ = await container.EnterAsync(stopping.Token);
            if (container.Status is ContainerStatus.Exited or ContainerStatus.Created)
                await start.RunAsync(container);
        }
        catch (OperationCanceledException)
        {
            // The daemon ends again.
        }
        catch (HafenException exception)
        {
            EngineLog.RestartFailed(log, exception, container.Id);
        }
    }
}
