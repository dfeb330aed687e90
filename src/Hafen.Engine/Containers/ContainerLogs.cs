using System.IO.Pipelines;
using Hafen.Engine.State;
using Hafen.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Which part of a container's output a client wants.</summary>
public sealed record LogsRequest
{
    public bool Stdout { get; init; }
    public bool Stderr { get; init; }
    public bool Follow { get; init; }
    public bool Timestamps { get; init; }
    public bool Details { get; init; }

    /// <summary>Entries from the end; null for all.</summary>
    public long? Tail { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long? Since { get; init; }

    /// <summary>Nanoseconds since 1970.</summary>
    public long? Until { get; init; }
}

/// <summary>Reads what a container has written.</summary>
public static class ContainerLogs
{
    /// <summary>Whether the output of a container comes in frames; says at once when its log cannot be read.</summary>
    /// <exception cref="EngineException">No such container, nothing asked for, or a driver that cannot be read.</exception>
    public static bool PrepareLogs(this ContainerEngine engine, string reference, LogsRequest request)
    {
        if (!request.Stdout && !request.Stderr) throw EngineException.InvalidParameter("Bad parameters: you must choose at least one stream");
        var container = engine.Store.Get(reference);
        if (container.Record.HostConfig.LogConfig?.Type != "json-file")
            throw EngineException.NotImplemented("configured logging driver does not support reading");
        return !container.Record.Config.Tty;
    }

    /// <summary>Copies the log; when following, until the container has ended.</summary>
    public static Task CopyLogsAsync(
        this ContainerEngine engine, string reference, LogsRequest request, PipeWriter output, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
        return LogReader.CopyAsync(
            new LogRequest
            {
                Path = StartContainer.LogPath(container),
                Stdout = request.Stdout,
                Stderr = request.Stderr,
                Tail = request.Tail,
                Since = request.Since,
                Until = request.Until,
                Timestamps = request.Timestamps,
                Details = request.Details,
                Multiplexed = !container.Record.Config.Tty,
                SharedFrames = !request.Follow,
                FollowUntil = request.Follow && Transitions.IsRunning(container.Status) ? EndedAsync(container, cancellationToken) : null,
            },
            output,
            cancellationToken);
    }

    /// <summary>Completes when the container runs no more and its policy will not start it again.</summary>
    private static async Task EndedAsync(Container container, CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested && !container.IsRemoved && container.IsRunning)
        {
            // A container that is restarted tells of each of its ends.
            var end = container.WaitAsync(WaitCondition.NextExit, cancellationToken);
            if (!container.IsRunning) return;
            await ((Task)end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
