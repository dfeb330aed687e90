using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Images;
using Hafen.Snapshots;

namespace Hafen.Engine.Images;

/// <summary>What clients can do with images.</summary>
public sealed record ImageUseCases
{
    public required ListImageHistory History { get; init; }
    public required ImportImage Import { get; init; }
    public required InspectImage Inspect { get; init; }
    public required ListImages List { get; init; }
    public required LoadImages Load { get; init; }
    public required PruneImages Prune { get; init; }
    public required PullImage Pull { get; init; }
    public required RemoveImage Remove { get; init; }
    public required RequirePlatform RequirePlatform { get; init; }
    public required SaveImages Save { get; init; }
    public required TagImage Tag { get; init; }

    /// <summary>Puts them together over the rooms they need.</summary>
    public static ImageUseCases Compose(IImageStore images, ISnapshotter snapshots, ContainerUses containers, EventStream events, TimeProvider time)
    {
        var find = new FindImage(images);
        var layers = new ImageLayers(snapshots);
        var imageEvents = new ImageEvents(events);
        var report = new ReportRemovals(imageEvents);
        return new ImageUseCases
        {
            History = new ListImageHistory(find, layers),
            Import = new ImportImage(images, imageEvents),
            Inspect = new InspectImage(find, snapshots),
            List = new ListImages(images, find, layers, containers, time),
            Load = new LoadImages(images, imageEvents),
            Prune = new PruneImages(images, layers, containers, report, imageEvents, time),
            Pull = new PullImage(images, imageEvents),
            Remove = new RemoveImage(images, find, containers, report),
            RequirePlatform = new RequirePlatform(find),
            Save = new SaveImages(images, find, imageEvents),
            Tag = new TagImage(images, find, imageEvents),
        };
    }
}
