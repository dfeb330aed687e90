using Hafen.Engine.Images;
using Hafen.Networking;
using Hafen.Oci;

namespace Hafen.Engine.Containers;

/// <summary>A container that uses a volume or a network.</summary>
/// <param name="Id">Its ID.</param>
/// <param name="Name">Its name, without a slash.</param>
/// <param name="Running">Whether it runs.</param>
public sealed record ContainerUse(string Id, string Name, bool Running);

/// <summary>Which containers use what is not theirs alone, at the moment of the call.</summary>
public sealed class ContainerUses
{
    private readonly ContainerStore _containers;

    internal ContainerUses(ContainerStore containers) => _containers = containers;

    /// <summary>Containers and the images they were made from; one without an image uses none.</summary>
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

    /// <summary>Containers that hold an endpoint in a network now, each with its endpoint.</summary>
    /// <param name="id">The network's full ID.</param>
    public IReadOnlyList<(ContainerUse Container, Endpoint Endpoint)> OfNetwork(string id)
        => [.. _containers.All.SelectMany(container =>
            (container.State.Endpoints ?? []).Where(endpoint => endpoint.NetworkId == id).Select(endpoint => (Use(container), endpoint)))];

    private static bool Mounts(Container container, string volume)
        => container.Record.Mounts.Any(mount => mount.Type == "volume" && mount.Name == volume);

    private static ContainerUse Use(Container container) => new(container.Id, container.Record.Name, container.IsRunning);
}
