using Hafen.Engine.Events;
using Hafen.Images;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots;

namespace Hafen.Engine.Images;

/// <summary>A container's use of an image.</summary>
/// <param name="ContainerId">Full ID.</param>
/// <param name="Image">The image's ID.</param>
/// <param name="Running">Whether the container runs or is paused.</param>
public sealed record ImageUse(string ContainerId, Digest Image, bool Running);

/// <summary>
/// The use cases of images. Each is an extension method in a file of its own (<c>ListImages.cs</c>, <c>RemoveImage.cs</c>, …); this class holds
/// what they share.
/// </summary>
/// <param name="store">The images.</param>
/// <param name="snapshots">Their layers.</param>
/// <param name="events">Told of every change.</param>
/// <param name="uses">Which containers use which image, at the moment of the call.</param>
public sealed class ImageEngine(IImageStore store, ISnapshotter snapshots, EventStream events, Func<IReadOnlyList<ImageUse>> uses)
{
    internal IImageStore Store => store;

    internal ISnapshotter Snapshots => snapshots;

    internal IReadOnlyList<ImageUse> Uses() => uses();

    /// <summary>Finds an image by name, ID or the beginning of an ID.</summary>
    /// <exception cref="EngineException">There is none.</exception>
    public Image Get(string reference)
        => store.Find(reference) ?? throw EngineException.NotFound($"No such image: {Familiar(reference)}");

    /// <summary>Requires an image to be for a platform.</summary>
    /// <exception cref="EngineException">There is none of that name, or it is for another platform.</exception>
    public void RequirePlatform(string reference, ImagePlatform platform) => platform.Require(reference, Get(reference).Config);

    /// <summary>Chain IDs of an image's layers, lowest first.</summary>
    internal IReadOnlyList<Digest> Chain(Image image)
    {
        var chain = new List<Digest>();
        for (var at = image.TopLayer; at is { } id; at = snapshots.GetLayer(id).Parent) chain.Insert(0, id);
        return chain;
    }

    /// <summary>Bytes of all layers of the given images, each counted once.</summary>
    internal long LayersSize(IEnumerable<Image> images)
        => images.SelectMany(Chain).Distinct().Sum(layer => snapshots.GetLayer(layer).Size);

    /// <summary>Publishes an image event; its attributes are the image's labels and <c>name</c>.</summary>
    internal void Publish(string action, string id, string name, ImageConfig? config)
    {
        var attributes = new Dictionary<string, string>(config?.Config?.Labels ?? []) { ["name"] = name };
        events.Publish("image", action, id, attributes);
    }

    /// <summary>Publishes what a prune has gained.</summary>
    internal void PublishPrune(ulong reclaimed)
        => events.Publish("image", "prune", "", new Dictionary<string, string> { ["reclaimed"] = reclaimed.ToString() });

    private static string Familiar(string reference)
        => !Digest.TryParse(reference, out _) && ImageReference.TryParse(reference, out var parsed, out _) ? parsed.Familiar : reference;
}
