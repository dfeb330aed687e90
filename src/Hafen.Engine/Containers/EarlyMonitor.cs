using Hafen.Engine.Monitors;

namespace Hafen.Engine.Containers;

/// <summary>
/// A monitor that is launched while the client still reads the answer to its create: most clients start the container next, and the launch
/// is half of what a start costs. When no start comes, it ends after a short while, so that containers that only exist cost no memory.
/// </summary>
internal sealed class EarlyMonitor
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Task<IMonitor> _launch;
    private int _taken;

    private EarlyMonitor(Task<IMonitor> launch) => _launch = launch;

    public static EarlyMonitor Launch(ContainerEngine engine, string id)
    {
        var early = new EarlyMonitor(Task.Run(() => engine.Rooms.Monitors.LaunchAsync(id, CancellationToken.None)));
        engine.Background.Run(async () =>
        {
            await Task.Delay(s_patience, engine.Stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await early.EndAsync(engine, id).ConfigureAwait(false);
        });
        return early;
    }

    /// <summary>The launch, for the first who asks; null for everybody else.</summary>
    public Task<IMonitor>? Take() => Interlocked.Exchange(ref _taken, 1) == 0 ? _launch : null;

    /// <summary>Ends it unless somebody has taken it.</summary>
    public async Task EndAsync(ContainerEngine engine, string id)
    {
        if (Take() is not { } launch) return;
        try
        {
            await (await launch.ConfigureAwait(false)).DisposeAsync().ConfigureAwait(false);
            engine.Rooms.Monitors.RemoveState(id);
        }
        catch (Exception e)
        {
            // The start, when it comes, launches one of its own and tells if that fails, too.
            EngineLog.StepFailed(engine.Log, id, "end the early monitor", e.Message);
        }
    }
}
