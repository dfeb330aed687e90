using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Ends all containers with the daemon, for operators who want that (<c>live-restore: false</c>).</summary>
public static class StopAllContainers
{
    /// <summary>
    /// Stops all containers at once, each in its own way and time. Nothing is started again from here on, and none counts as stopped by a person: the
    /// next daemon starts those whose policy says so.
    /// </summary>
    /// <param name="seconds">How long to wait at least, -1 for as long as it takes; a container's own stop timeout is waited for in any case. Those that have not ended by then go on.</param>
    public static async Task StopAllContainersAsync(this ContainerEngine engine, int seconds)
    {
        await engine.Stopping.CancelAsync().ConfigureAwait(false);
        var running = engine.Store.All.Where(container => container.IsRunning).ToList();
        using var limit = new CancellationTokenSource();
        if (Limit(seconds, running.Select(container => container.Record.Config.StopTimeout ?? engine.Options.DefaultStopTimeout)) is { } patience)
            limit.CancelAfter(patience);
        await Task.WhenAll(running.Select(StopAsync)).ConfigureAwait(false);

        async Task StopAsync(Container container)
        {
            try
            {
                await engine.StopAsync(container, signal: null, timeout: null, limit.Token).ConfigureAwait(false);
                // Its network is given back and, with --rm, itself removed.
                await container.Watch.WaitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is HafenException or OperationCanceledException)
            {
                EngineLog.StepFailed(engine.Log, container.Id, "stop it with the daemon", e.Message);
            }
        }
    }

    /// <summary>Null for as long as it takes.</summary>
    internal static TimeSpan? Limit(int seconds, IEnumerable<int> stopTimeouts)
    {
        const int grace = 5;
        int longest = seconds;
        foreach (int timeout in stopTimeouts)
        {
            if (timeout < 0) return null;
            longest = Math.Max(longest, timeout > int.MaxValue - grace ? timeout : timeout + grace);
        }
        var limit = TimeSpan.FromSeconds(longest);
        return seconds < 0 || limit > TimeSpan.FromDays(24) ? null : limit;
    }
}
