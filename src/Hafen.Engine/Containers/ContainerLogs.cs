using System.IO.Pipelines;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;
using Hafen.Logging.Readers;

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

/// <summary>A container's log that can be read: what was found before the answer began is what is copied after it.</summary>
public sealed class ContainerLog
{
    internal ContainerLog(Container container, ILogReader reader, LogsRequest request)
    {
        Container = container;
        Reader = reader;
        Request = request;
    }

    internal Container Container { get; }
    internal ILogReader Reader { get; }
    internal LogsRequest Request { get; }

    /// <summary>Output comes in frames; a terminal's does not.</summary>
    public bool Multiplexed => !Container.Record.Config.Tty;
}

/// <summary>Reads what a container has written.</summary>
public static class ContainerLogs
{
    /// <summary>Finds a container's log; says at once when it cannot be read.</summary>
    /// <exception cref="EngineException">No such container, nothing asked for, or a driver that cannot be read.</exception>
    public static ContainerLog PrepareLogs(this ContainerEngine engine, string reference, LogsRequest request)
    {
        if (!request.Stdout && !request.Stderr) throw EngineException.InvalidParameter("Bad parameters: you must choose at least one stream");
        var container = engine.Store.Get(reference);
        if (LogSettings.Reader(container) is not { } reader)
            throw EngineException.NotImplemented("configured logging driver does not support reading");
        if (container.RemovalInProgress || container.Status is ContainerStatus.Removing or ContainerStatus.Dead)
            throw EngineException.Conflict("can not get logs from container which is dead or marked for removal");
        return new ContainerLog(container, reader, request);
    }

    /// <summary>Copies the log; when following, until the run that goes on now has ended, whether the policy makes another one or not.</summary>
    public static Task CopyLogsAsync(this ContainerLog log, PipeWriter output, CancellationToken cancellationToken)
    {
        var (container, request) = (log.Container, log.Request);
        return log.Reader.CopyAsync(
            new LogRequest
            {
                Stdout = request.Stdout,
                Stderr = request.Stderr,
                Tail = request.Tail,
                Since = request.Since,
                Until = request.Until,
                Timestamps = request.Timestamps,
                Details = request.Details,
                Multiplexed = log.Multiplexed,
                SharedFrames = !request.Follow,
                FollowUntil = request.Follow ? container.RunEnd(cancellationToken) : null,
            },
            output,
            cancellationToken);
    }
}
