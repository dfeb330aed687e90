namespace Hafen.Engine.Containers;

/// <summary>Waits for what happens to a container.</summary>
public sealed class WaitContainer
{
    private readonly ContainerStore _containers;

    internal WaitContainer(ContainerStore containers) => _containers = containers;

    /// <summary>
    /// Begins to wait: when this returns, an end that comes later is not missed. Await the result for the end itself.
    /// </summary>
    /// <exception cref="EngineException">No such container.</exception>
    public Task<WaitResult> RunAsync(string reference, WaitCondition condition, CancellationToken cancellationToken)
        => _containers.Get(reference).WaitAsync(condition, cancellationToken);
}
