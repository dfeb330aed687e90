using Hafen.Engine.Monitors;

namespace Hafen.Engine.Containers;

/// <summary>
/// A monitor that is launched while the client still reads the answer to its create: most clients start the container next, and the launch
/// is half of what a start costs. When no start comes, it ends after a short while, so that containers that only exist cost no memory.
/// </summary>
internal sealed class EarlyMonitor
{
    private readonly Task<IMonitor> _launch;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EarlyMonitor(Task<IMonitor> launch) => _launch = launch;

    public static EarlyMonitor Launch(ContainerEngine engine, string id)
    {
        var early = new EarlyMonitor(Task.Run(() => engine.Rooms.Monitors.LaunchAsync(id, CancellationToken.None)));
        engine.Background.Run(async () =>
        {
            await early._taken.Task.WaitAsync(engine.Options.EarlyMonitorLimit, engine.Stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await early.EndAsync(engine, id).ConfigureAwait(false);
        });
        return early;
    }

    /// <summary>
    /// The monitor, for the start that comes first; null when it has been given up. Then nothing of it is left, because the folder it worked in is the next
    /// monitor's.
    /// </summary>
    public async Task<IMonitor?> TakeAsync()
    {
        if (Take()) return await _launch.ConfigureAwait(false);
        await _ended.Task.ConfigureAwait(false);
        return null;
    }

    /// <summary>Ends it unless a start has taken it; returns when it is gone.</summary>
    public async Task EndAsync(ContainerEngine engine, string id)
    {
        if (!Take()) return;
        try
        {
            var monitor = await _launch.ConfigureAwait(false);
            // It has no container, so there is nothing to end in order; and one that hangs would not see that it is left.
            monitor.Kill();
            await monitor.DisposeAsync().ConfigureAwait(false);
            engine.Rooms.Monitors.RemoveState(id);
        }
        catch (Exception e)
        {
            // The start, when it comes, launches one of its own and tells if that fails, too.
            EngineLog.StepFailed(engine.Log, id, "end the early monitor", e.Message);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private bool Take() => _taken.TrySetResult();
}
