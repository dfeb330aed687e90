using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;

namespace Hafen.Engine.Reconcile;

/// <summary>Monitors of containers that do not run: a daemon that died in the middle of a start leaves one that nobody waits for.</summary>
internal static class StrayMonitors
{
    /// <summary>Whether an earlier daemon may have left a monitor of this container.</summary>
    public static bool MayBe(ContainerEngine engine, Container container)
        => Directory.Exists(Path.Combine(engine.Options.RunRoot, "containers", container.Id));

    /// <summary>Ends it with whatever it has made. The caller holds the container's gate: the next start uses the same folder and cgroup.</summary>
    /// <returns>False when the daemon ended before it was known whether there is one; the next daemon looks for it.</returns>
    public static async Task<bool> EndAsync(ContainerEngine engine, Container container)
    {
        // One that has written down how its container ended may still be taking leave of a client; it needs nothing of what is removed.
        IMonitor? stray = null;
        if (engine.Rooms.Monitors.ReadExit(container.Id) is null && !await AskAgain.UntilAnsweredAsync(engine, container, "find its monitor", Find).ConfigureAwait(false))
            return false;
        if (stray is not null && !await AbandonedMonitor.EndAsync(stray).ConfigureAwait(false)) ContainerEnd.DestroyCgroup(engine, container);
        engine.Rooms.Monitors.RemoveState(container.Id);
        EngineLog.LeftoverRemoved(engine.Log, "monitor of container " + container.Id);
        return true;

        Task Find()
        {
            stray = engine.Rooms.Monitors.Find(container.Id);
            return Task.CompletedTask;
        }
    }
}
