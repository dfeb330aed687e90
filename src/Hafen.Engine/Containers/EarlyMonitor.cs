using Hafen.Engine.Monitors;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>
/// A monitor that is launched while the client still reads the answer to its create: most clients start the container next, and the launch
/// is half of what a start costs. When no start comes, it ends after a short while, so that containers that only exist cost no memory.
/// </summary>
internal sealed class EarlyMonitor(string id, Task<IMonitor> launch, IMonitors monitors, ILogger log)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _taken = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when a start has taken it, or somebody has begun to end it.</summary>
    public Task Taken => _taken.Task;

    /// <summary>
    /// The monitor, for the start that comes first; null when it has been given up. Then nothing of it is left, because the folder it worked in is the next
    /// monitor's.
    /// </summary>
    public async Task<IMonitor?> TakeAsync()
    {
        if (Take())
            return await launch;
        await _ended.Task;
        return null;
    }

    /// <summary>Ends it unless a start has taken it; returns when it is gone.</summary>
    public async Task EndAsync()
    {
        if (!Take())
            return;
        try
        {
            var monitor = await launch;
            // It has no container, so there is nothing to end in order; and one that hangs would not see that it is left.
            monitor.Kill();
            await monitor.DisposeAsync();
            monitors.RemoveState(id);
        }
        catch (Exception exception)
        {
            // The start, when it comes, launches one of its own and tells if that fails, too.
            EngineLog.StepFailed(log, id, "end the early monitor", exception.Message);
        }
        finally
        {
            _ended.SetResult();
        }
    }

    private bool Take() => _taken.TrySetResult();
}
