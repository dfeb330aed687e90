using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;

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

/// <summary>Finds what a container has written; says at once when it cannot be read.</summary>
public sealed class ContainerLogs
{
    private readonly ContainerStore _containers;

    internal ContainerLogs(ContainerStore containers) => _containers = containers;

    /// <exception cref="EngineException">No such container, nothing asked for, or a driver that cannot be read.</exception>
    public ContainerLog Run(string reference, LogsRequest request)
    {
        if (!request.Stdout && !request.Stderr)
            throw EngineException.InvalidParameter("Bad parameters: you must choose at least one stream");
        var container = _containers.Get(reference);
        if (LogSettings.Reader(container) is not { } reader)
            throw EngineException.NotImplemented("configured logging driver does not support reading");
        if (container.RemovalInProgress || container.Status is ContainerStatus.Removing or ContainerStatus.Dead)
            throw EngineException.Conflict("can not get logs from container which is dead or marked for removal");
        return new ContainerLog(container, reader, request);
    }
}
