using Hafen.Engine.Monitors;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Launches the monitor of a container that has just been made, and ends it when no start comes.</summary>
internal sealed class LaunchEarly(IMonitors monitors, CurrentOptions options, Stopping stopping, BackgroundWork background, ILogger log)
{
    /// <summary>Begins; what becomes of the launch is the concern of who takes the monitor.</summary>
    public EarlyMonitor Run(string id)
    {
        var early = new EarlyMonitor(id, Task.Run(() => monitors.LaunchAsync(id, CancellationToken.None)), monitors, log);
        background.Run(async () =>
        {
            await early.Taken.WaitAsync(options.Value.EarlyMonitorLimit, stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await early.EndAsync();
        }, nameof(LaunchEarly));
        return early;
    }
}
