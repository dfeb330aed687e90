using Hafen.Engine.Images;
using Hafen.Networking;
using Hafen.Oci;

namespace Hafen.Engine.Containers;

/// <summary>Which containers use what, at the moment of the question: all that images, volumes and networks need to know of containers.</summary>
public sealed class ContainerUses
{
    private readonly ContainerStore _containers;

    public ContainerUses(ContainerEngine engine) : this(engine.Store)
    {
    }

    internal ContainerUses(ContainerStore containers) => _containers = containers;

    /// <summary>Each container's use of its image; a container without an image uses none.</summary>
    public IReadOnlyList<ImageUse> OfImages()
    {
        var uses = new List<ImageUse>();
        foreach (var container in _containers.All)
        {
            if (Digest.TryParse(container.Record.ImageId, out var image))
                uses.Add(new ImageUse(container.Id, image, container.IsRunning));
        }
        return uses;
    }

    /// <summary>Containers that mount a volume, running or not.</summary>
    public IReadOnlyList<ContainerUse> OfVolume(string name)
        => [.. _containers.All.Where(container => Mounts(container, name)).Select(Use)];

    /// <summary>Containers that hold an endpoint in a network now, with the endpoint.</summary>
    /// <param name="id">The network's full ID.</param>
    public IReadOnlyList<(ContainerUse Container, Endpoint Endpoint)> OfNetwork(string id)
        => [.. _containers.All.SelectMany(container => (container.State.Endpoints ?? [])
            .Where(endpoint => endpoint.NetworkId == id)
            .Select(endpoint => (Use(container), endpoint)))];

    private static bool Mounts(Container container, string volume)
        => container.Record.Mounts.Any(mount => mount.Type == "volume" && mount.Name == volume);

    private static ContainerUse Use(Container container) => new(container.Id, container.Record.Name, container.IsRunning);
}
