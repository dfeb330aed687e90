using Hafen.Engine.Containers;
using Hafen.Engine.State;
using Hafen.Errors;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Restart;

/// <summary>Starts a container again by its policy, after the policy's delay.</summary>
/// <param name="start">
/// Starts a container whose gate the caller holds. The engine's one circle runs through here, for a start watches its run, whose end comes here:
/// <see cref="EngineComposition"/> closes it.
/// </param>
internal sealed class ScheduleRestart(Func<Container, Task> start, Stopping stopping, BackgroundWork background, ILogger log)
{
    /// <param name="container">The caller holds its gate.</param>
    /// <param name="ran">How long the run has lasted that has just ended.</param>
    public void Run(Container container, TimeSpan ran)
    {
        var delay = RestartDecision.Delay(container.RestartDelay, ran);
        var wait = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        container.BeginRestartWait(delay, wait);
        background.Run(async () =>
        {
            try
            {
                await Task.Delay(delay, wait.Token);
                using var ownership = await container.EnterAsync(wait.Token);
                if (container.Status == ContainerStatus.Restarting && !wait.IsCancellationRequested)
                    await start(container);
            }
            catch (OperationCanceledException)
            {
                // Called off by a stop, a removal or the end of the daemon.
            }
            catch (HafenException exception)
            {
                EngineLog.RestartFailed(log, exception, container.Id);
            }
            finally
            {
                container.EndRestartWait(wait);
                wait.Dispose();
            }
        }, nameof(ScheduleRestart));
    }
}
