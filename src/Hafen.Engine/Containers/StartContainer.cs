using Hafen.Engine.Containers.Start;
using Hafen.Engine.State;
using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Starts a container because a person wants it.</summary>
public sealed class StartContainer
{
    private readonly ContainerStore _containers;
    private readonly StartRun _start;

    internal StartContainer(ContainerStore containers, StartRun start)
    {
        _containers = containers;
        _start = start;
    }

    /// <param name="reference">ID, name or prefix.</param>
    /// <param name="cancellationToken">Gives up waiting for the container's turn; a start that has begun is finished.</param>
    /// <exception cref="EngineException">Not startable, or the start failed; the container remembers why.</exception>
    public async Task RunAsync(string reference, CancellationToken cancellationToken)
    {
        var container = _containers.Get(reference);
        using var _ = await container.EnterAsync(cancellationToken);
        CheckStartable(container, reference);
        container.ForgetRestarts();
        await _start.RunAsync(container);
    }

    private static void CheckStartable(Container container, string reference)
    {
        if (container.IsRemoved)
            throw EngineException.NotFound($"No such container: {reference}");
        switch (container.Status)
        {
            case ContainerStatus.Paused:
                throw EngineException.Conflict("cannot start a paused container, try unpause instead");
            case ContainerStatus.Running:
                throw new EngineException(ErrorKind.NotModified, "container is already running");
            case ContainerStatus.Removing or ContainerStatus.Dead:
                throw EngineException.Conflict("container is marked for removal and cannot be started");
        }
    }
}
