using Hafen.Oci;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;

namespace Hafen.Snapshots;

/// <summary>
/// A snapshotter that also takes layers before their place in a chain is known: an archive's manifest may come after its layers,
/// and those are unpacked while they arrive.
/// </summary>
public interface ILayerStore : ISnapshotter
{
    /// <summary>Unpacks a layer tar (plain or compressed) while it arrives. The result belongs to the caller: commit it or dispose it.</summary>
    /// <param name="source">The bytes; aborted when unpacking fails, so that its producer stops.</param>
    /// <exception cref="LayerException">The layer is broken or hostile; nothing is left behind.</exception>
    Task<StagedLayer> StageAsync(BlockQueue source, CancellationToken cancellationToken);

    /// <summary>
    /// Puts staged layers into their places, lowest first. A place that is taken already keeps its layer. They survive the end of this process at once and that of the
    /// machine a moment later; a layer that did not is not there at the next start.
    /// </summary>
    /// <exception cref="LayerException">A chain ID is not what the layer's bytes make of it.</exception>
    void Commit(IReadOnlyList<LayerPlacement> placements);

    /// <summary>A committed layer with this diff ID in any chain, or null.</summary>
    Digest? FindByDiffId(Digest diffId);

    /// <summary>
    /// Keeps a layer and all below it from being removed until the lease is disposed, for whoever reads them or counts on them. <see cref="Collect"/> has to be
    /// called again afterwards for what was to be removed meanwhile.
    /// </summary>
    /// <returns>Null when the layer is not there.</returns>
    IDisposable? Hold(Digest chainId);

    /// <summary>Bytes of the layer's uncompressed tar.</summary>
    long TarSize(Digest chainId);

    /// <summary>
    /// A sentence on each layer that a newer release has written. It is not there for anybody, and neither are those above it; while there is one, no layer is removed,
    /// because any may lie below it.
    /// </summary>
    IReadOnlyList<string> LeftAlone { get; }

    /// <summary>Removes every layer that lies neither in the chains of <paramref name="tops"/> nor below a snapshot nor under a lease; returns what was removed, topmost first.</summary>
    IReadOnlyList<Digest> Collect(IEnumerable<Digest> tops);
}

/// <param name="Layer">What was staged; owned by the store once committed.</param>
/// <param name="ChainId">Its name.</param>
/// <param name="Parent">The layer below, or null.</param>
public sealed record LayerPlacement(StagedLayer Layer, Digest ChainId, Digest? Parent);
