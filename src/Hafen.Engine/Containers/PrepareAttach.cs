using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <summary>What an attaching client wants.</summary>
public sealed record AttachRequest
{
    public bool Stdin { get; init; }
    public bool Stdout { get; init; }
    public bool Stderr { get; init; }

    /// <summary>What was written before, first.</summary>
    public bool Logs { get; init; }

    /// <summary>What is written from now on.</summary>
    public bool Stream { get; init; }

    public string? DetachKeys { get; init; }
}

/// <summary>Lets a client in that wants to attach: what fails here is an answer, and no word on a socket that is taken over already.</summary>
public sealed class PrepareAttach
{
    private readonly ContainerStore _containers;

    internal PrepareAttach(ContainerStore containers) => _containers = containers;

    /// <exception cref="EngineException">It cannot be attached to now, or the detach keys are unknown.</exception>
    public Attachment Run(string reference, AttachRequest request)
    {
        byte[] keys = DetachKeys.Parse(request.DetachKeys, "Invalid detach keys ({0}) provided");
        var container = _containers.Get(reference);
        if (container.Status == ContainerStatus.Paused)
            throw EngineException.Conflict($"container {reference} is paused, unpause the container before attach");
        if (container.Status == ContainerStatus.Restarting)
            throw EngineException.Conflict($"container {reference} is restarting, wait until the container is running");
        return new Attachment(container, request, keys);
    }
}
