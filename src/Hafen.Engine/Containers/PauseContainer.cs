namespace Hafen.Engine.Containers;

/// <summary>Stops all processes of a container where they are.</summary>
public sealed class PauseContainer
{
    private readonly FreezeContainer _freeze;

    internal PauseContainer(FreezeContainer freeze) => _freeze = freeze;

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="cancellationToken">Gives up waiting for the container's turn.</param>
    /// <exception cref="EngineException">It does not run, or is paused already.</exception>
    public Task RunAsync(string reference, CancellationToken cancellationToken) => _freeze.RunAsync(reference, pause: true, cancellationToken);
}
