using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Stops a container when it runs, and starts it.</summary>
public sealed class RestartContainer
{
    private readonly ContainerStore _containers;
    private readonly StopAndWait _stop;
    private readonly StartContainer _start;
    private readonly ContainerEvents _events;

    internal RestartContainer(ContainerStore containers, StopAndWait stop, StartContainer start, ContainerEvents events)
    {
        _containers = containers;
        _stop = stop;
        _start = start;
        _events = events;
    }

    /// <inheritdoc cref="StopContainer.RunAsync"/>
    public async Task RunAsync(string reference, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        var container = _containers.Get(reference);
        try
        {
            await RunAsync(container, signal, timeout, cancellationToken);
        }
        catch (HafenException exception)
        {
            // As Docker: whatever keeps it from being restarted is an error of the server's.
            throw new EngineException(ErrorKind.System, $"Cannot restart container {reference}: {exception.Message}", exception);
        }
        _events.Publish(container, "restart");
    }

    private async Task RunAsync(Container container, string? signal, int? timeout, CancellationToken cancellationToken)
    {
        if (container.IsRunning)
        {
            // A container made with --rm outlives this end.
            container.BeginRestart();
            try
            {
                await _stop.RunAsync(container, signal, timeout, cancellationToken);
            }
            finally
            {
                container.EndRestart();
            }
        }
        try
        {
            await _start.RunAsync(container.Id, cancellationToken);
        }
        catch (HafenException exception) when (exception.Kind == ErrorKind.NotModified)
        {
            // Someone else was faster.
        }
    }
}
