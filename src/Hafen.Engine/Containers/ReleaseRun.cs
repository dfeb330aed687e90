using Hafen.Engine.Monitors;
using Hafen.Networking;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>
/// Releases network, volumes and the monitor's folder after a run. Each in its own right: what one of them fails to give back keeps neither the others
/// nor what comes after them.
/// </summary>
internal sealed class ReleaseRun(INetworks networks, VolumeUse volumes, IMonitors monitors, ILogger log)
{
    /// <param name="container">The caller holds its gate.</param>
    /// <param name="monitor">The one it ran with; null when that is gone.</param>
    public async Task RunAsync(Container container, IMonitor? monitor)
    {
        await Attempt.RunAsync(container, "release the network", () => networks.ReleaseSandboxAsync(container.Id, CancellationToken.None), log);
        await Attempt.RunAsync(container, "unmount volumes", () => volumes.EndAsync(container).AsTask(), log);
        Attempt.Run(container, "unmount the shared memory", () => SharedMemory.End(container, log), log);
        if (monitor is not null)
            await Attempt.RunAsync(container, "let go of the monitor", () => monitor.DisposeAsync().AsTask(), log);
        // A daemon that finds the state of before looks for how it ended.
        if (!container.ExitFileKept)
            Attempt.Run(container, "remove the monitor's folder", () => monitors.RemoveState(container.Id), log);
    }
}
