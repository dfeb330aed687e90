using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Ends a container in order: its stop signal, and SIGKILL when it has not ended in time.</summary>
public sealed class StopContainer
{
    private readonly ContainerStore _containers;
    private readonly StopAndWait _stop;

    internal StopContainer(ContainerStore containers, StopAndWait stop)
    {
        _containers = containers;
        _stop = stop;
    }

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="signal">Name or number; null or empty for the container's own.</param>
    /// <param name="timeout">Seconds before SIGKILL, -1 for never; null for the container's own.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="EngineException">Unknown signal; NotModified when it does not run.</exception>
    public async Task RunAsync(string reference, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        var container = await _containers.GetSettledAsync(reference, cancellationToken);
        if (!container.IsRunning)
            throw new EngineException(ErrorKind.NotModified, "container is already stopped");
        await _stop.RunAsync(container, signal, timeout, cancellationToken);
    }
}
