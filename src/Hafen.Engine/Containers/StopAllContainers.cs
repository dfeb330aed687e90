using Hafen.Errors;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Ends all containers with the daemon, for operators who want that (<c>live-restore: false</c>).</summary>
public sealed class StopAllContainers
{
    private readonly ContainerStore _containers;
    private readonly StopAndWait _stop;
    private readonly CurrentOptions _options;
    private readonly Stopping _stopping;
    private readonly ILogger _log;

    internal StopAllContainers(ContainerStore containers, StopAndWait stop, CurrentOptions options, Stopping stopping, ILogger log)
    {
        _containers = containers;
        _stop = stop;
        _options = options;
        _stopping = stopping;
        _log = log;
    }

    /// <summary>
    /// Stops all containers at once, each in its own way and time. Nothing is started again from here on, and none counts as stopped by a person: the
    /// next daemon starts those whose policy says so.
    /// </summary>
    /// <param name="seconds">How long to wait at least, -1 for as long as it takes; a container's own stop timeout is waited for in any case. Those that have not ended by then go on.</param>
    public async Task RunAsync(int seconds)
    {
        await _stopping.BeginAsync();
        var running = _containers.All.Where(container => container.IsRunning).ToList();
        using var limit = new CancellationTokenSource();
        if (Limit(seconds, running.Select(container => container.Record.Config.StopTimeout ?? _options.Value.DefaultStopTimeout)) is { } wait)
            limit.CancelAfter(wait);
        await Task.WhenAll(running.Select(container => StopAsync(container, limit.Token)));
    }

    /// <summary>Null for as long as it takes.</summary>
    internal static TimeSpan? Limit(int seconds, IEnumerable<int> stopTimeouts)
    {
        const int grace = 5;
        int longest = seconds;
        foreach (int timeout in stopTimeouts)
        {
            if (timeout < 0)
                return null;
            longest = Math.Max(longest, timeout > int.MaxValue - grace ? timeout : timeout + grace);
        }
        var limit = TimeSpan.FromSeconds(longest);
        return seconds < 0 || limit > TimeSpan.FromDays(24) ? null : limit;
    }

    private async Task StopAsync(Container container, CancellationToken limit)
    {
        try
        {
            await _stop.RunAsync(container, signal: null, timeout: null, limit);
            // Its network is given back and, with --rm, itself removed.
            await container.Watch.WaitAsync(limit);
        }
        catch (Exception exception) when (exception is HafenException or OperationCanceledException)
        {
            EngineLog.StepFailed(_log, container.Id, "stop it with the daemon", exception.Message);
        }
    }
}
