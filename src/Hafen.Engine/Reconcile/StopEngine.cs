using Hafen.Engine.Containers;

namespace Hafen.Engine.Reconcile;

/// <summary>Ends the engine's own work. Containers go on running: their monitors do not need the daemon.</summary>
public sealed class StopEngine
{
    private readonly ContainerStore _containers;
    private readonly EmptyPlaces _places;
    private readonly Stopping _stopping;
    private readonly BackgroundWork _background;

    internal StopEngine(ContainerStore containers, EmptyPlaces places, Stopping stopping, BackgroundWork background)
    {
        _containers = containers;
        _places = places;
        _stopping = stopping;
        _background = background;
    }

    /// <param name="cancellationToken">Gives up waiting for what is still at work.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await _stopping.BeginAsync();
        // Those who listen to a monitor leave when the connection to it ends.
        foreach (var container in _containers.All)
        {
            if (container.Monitor is { } monitor)
                await monitor.DisposeAsync();
        }
        await _background.WhenDoneAsync(cancellationToken);
        _places.Remove();
    }
}
