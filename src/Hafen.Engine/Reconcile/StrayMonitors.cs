using Hafen.Engine.Containers;
using Hafen.Engine.Monitors;
using Hafen.Linux;

namespace Hafen.Engine.Reconcile;

/// <summary>Monitors of containers that do not run: a daemon that died in the middle of a start leaves one that nobody waits for.</summary>
internal static class StrayMonitors
{
    private static readonly TimeSpan s_searchPause = TimeSpan.FromSeconds(1);

    /// <summary>Whether an earlier daemon may have left a monitor of this container.</summary>
    public static bool MayBe(ContainerEngine engine, Container container)
        => Directory.Exists(Path.Combine(engine.Options.RunRoot, "containers", container.Id));

    /// <summary>Ends it with whatever it has made. The caller holds the container's gate: the next start uses the same folder and cgroup.</summary>
    public static async Task EndAsync(ContainerEngine engine, Container container)
    {
        // One that has written down how its container ended may still be taking leave of a client; it needs nothing of what is removed.
        bool ended = engine.Rooms.Monitors.ReadExit(container.Id) is not null;
        if (!ended && await FindAsync(engine, container).ConfigureAwait(false) is { } stray && !await AbandonedMonitor.EndAsync(stray).ConfigureAwait(false))
            ContainerEnd.DestroyCgroup(engine, container);
        engine.Rooms.Monitors.RemoveState(container.Id);
        EngineLog.LeftoverRemoved(engine.Log, "monitor of container " + container.Id);
    }

    private static async Task<IMonitor?> FindAsync(ContainerEngine engine, Container container)
    {
        while (true)
        {
            try
            {
                return engine.Rooms.Monitors.Find(container.Id);
            }
            catch (Exception e) when (e is LinuxException or IOException or UnauthorizedAccessException)
            {
                EngineLog.StepFailed(engine.Log, container.Id, "find its monitor", e.Message);
            }
            await Task.Delay(s_searchPause, engine.Stopping.Token).ConfigureAwait(false);
        }
    }
}
