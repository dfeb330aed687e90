using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Reconcile;

/// <summary>Monitors of containers that do not run: a daemon that died in the middle of a start leaves one that nobody waits for.</summary>
internal sealed class StrayMonitors(IMonitors monitors, AskAgain ask, ContainerCgroups cgroups, CurrentOptions options, ILogger log)
{
    /// <summary>Whether an earlier daemon may have left a monitor of this container.</summary>
    public bool MayBe(Container container)
        => Directory.Exists(Path.Combine(options.Value.RunRoot, "containers", container.Id));

    /// <summary>Ends it with whatever it has made. The caller holds the container's gate: the next start uses the same folder and cgroup.</summary>
    /// <returns>False when the daemon ended before it was known whether there is one; the next daemon looks for it.</returns>
    public async Task<bool> EndAsync(Container container)
    {
        // One that has written down how its container ended may still be taking leave of a client; it needs nothing of what is removed.
        IMonitor? stray = null;
        if (monitors.ReadExit(container.Id) is null && !await ask.UntilAnsweredAsync(container, "find its monitor", Find))
            return false;
        if (stray is not null && !await AbandonedMonitor.EndAsync(stray))
            cgroups.Destroy(container);
        monitors.RemoveState(container.Id);
        EngineLog.LeftoverRemoved(log, "monitor of container " + container.Id);
        return true;

        Task Find()
        {
            stray = monitors.Find(container.Id);
            return Task.CompletedTask;
        }
    }
}
