using Hafen.Engine.Monitors;
using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Sets the size of a container's terminal.</summary>
public sealed class ResizeContainer
{
    private readonly ContainerStore _containers;
    private readonly ContainerEvents _events;

    internal ResizeContainer(ContainerStore containers, ContainerEvents events)
    {
        _containers = containers;
        _events = events;
    }

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <param name="cancellationToken">Gives up waiting for the monitor.</param>
    /// <exception cref="EngineException">It does not run.</exception>
    public async Task RunAsync(string reference, int height, int width, CancellationToken cancellationToken)
    {
        var container = await _containers.GetSettledAsync(reference, cancellationToken);
        ContainerChecks.RequireProcess(container);
        var monitor = container.Monitor ?? throw EngineException.Conflict($"container {container.Id} is not running");
        try
        {
            await monitor.ResizeAsync(null, height, width, cancellationToken);
        }
        catch (MonitorUnreachableException exception)
        {
            throw ContainerChecks.Unreachable(container, exception);
        }
        catch (IOException exception)
        {
            throw new EngineException(ErrorKind.Conflict, $"container {container.Id} is not running", exception);
        }
        _events.Publish(container, "resize", ("height", height.ToString()), ("width", width.ToString()));
    }
}
