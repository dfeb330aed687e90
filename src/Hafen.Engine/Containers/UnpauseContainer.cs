namespace Hafen.Engine.Containers;

/// <summary>Lets all processes of a paused container go on.</summary>
public sealed class UnpauseContainer
{
    private readonly FreezeContainer _freeze;

    internal UnpauseContainer(FreezeContainer freeze) => _freeze = freeze;

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="cancellationToken">Gives up waiting for the container's turn.</param>
    /// <exception cref="EngineException">It is not paused.</exception>
    public Task RunAsync(string reference, CancellationToken cancellationToken) => _freeze.RunAsync(reference, pause: false, cancellationToken);
}
