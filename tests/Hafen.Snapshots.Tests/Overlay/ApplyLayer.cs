using Hafen.Oci;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;

namespace Hafen.Snapshots.Tests.Overlay;

/// <summary>Stages one layer and puts it into its place.</summary>
internal static class ApplyLayer
{
    public static async Task ApplyAsync(this ILayerStore layers, Digest chainId, Digest? parent, Stream tar, CancellationToken cancellationToken)
    {
        using var staged = await layers.StageAsync(tar, cancellationToken);
        layers.Commit([new LayerPlacement(staged, chainId, parent)]);
    }

    public static async Task<StagedLayer> StageAsync(this ILayerStore layers, Stream tar, CancellationToken cancellationToken)
    {
        using BlockPool pool = new();
        return await StreamPump.FeedAsync(tar, pool, queue => layers.StageAsync(queue, cancellationToken), cancellationToken);
    }
}
