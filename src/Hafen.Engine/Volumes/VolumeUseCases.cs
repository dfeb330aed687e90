using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>What clients can do with volumes.</summary>
public sealed record VolumeUseCases
{
    public required CreateVolume Create { get; init; }
    public required InspectVolume Inspect { get; init; }
    public required ListVolumes List { get; init; }
    public required PruneVolumes Prune { get; init; }
    public required RemoveVolume Remove { get; init; }

    /// <summary>Puts them together over the rooms they need.</summary>
    public static VolumeUseCases Compose(IVolumes volumes, ContainerUses containers, EventStream events)
    {
        var volumeEvents = new VolumeEvents(events);
        return new VolumeUseCases
        {
            Create = new CreateVolume(volumes, volumeEvents),
            Inspect = new InspectVolume(volumes),
            List = new ListVolumes(volumes, containers),
            Prune = new PruneVolumes(volumes, containers, volumeEvents),
            Remove = new RemoveVolume(volumes, containers, volumeEvents),
        };
    }
}
