using Hafen.Images;
using Hafen.Oci;
using Hafen.Snapshots;

namespace Hafen.Engine.Images;

/// <summary>The layers that images are made of.</summary>
public sealed class ImageLayers(ISnapshotter snapshots)
{
    /// <summary>Chain IDs of an image's layers, lowest first.</summary>
    public IReadOnlyList<Digest> Chain(Image image)
    {
        var chain = new List<Digest>();
        for (var at = image.TopLayer; at is { } id; at = snapshots.GetLayer(id).Parent)
            chain.Insert(0, id);
        return chain;
    }

    /// <summary>Bytes of a layer alone, without those below.</summary>
    public long Size(Digest layer) => snapshots.GetLayer(layer).Size;

    /// <summary>Bytes of all layers of the given images, each counted once.</summary>
    public long TotalSize(IEnumerable<Image> images) => images.SelectMany(Chain).Distinct().Sum(Size);

    /// <summary>The layers that are in more than one of the given images.</summary>
    public IReadOnlySet<Digest> Shared(IEnumerable<Image> images)
        => images.SelectMany(Chain).CountBy(layer => layer).Where(count => count.Value > 1).Select(count => count.Key).ToHashSet();
}
