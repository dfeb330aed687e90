using Hafen.Engine.Monitors;
using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Sets the size of a container's terminal.</summary>
public static class ResizeContainer
{
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    /// <exception cref="EngineException">It does not run.</exception>
    public static async Task ResizeContainerAsync(
        this ContainerEngine engine, string reference, int height, int width, CancellationToken cancellationToken)
    {
        var container = engine.Store.Get(reference);
        ContainerChecks.RequireProcess(container);
        var monitor = container.Monitor ?? throw EngineException.Conflict($"container {container.Id} is not running");
        try
        {
            await monitor.ResizeAsync(null, height, width, cancellationToken).ConfigureAwait(false);
        }
        catch (MonitorUnreachableException e)
        {
            throw ContainerChecks.Unreachable(container, e);
        }
        catch (IOException e)
        {
            throw new EngineException(ErrorKind.Conflict, $"container {container.Id} is not running", e);
        }
        engine.Publish(container, "resize", ("height", height.ToString()), ("width", width.ToString()));
    }
}
