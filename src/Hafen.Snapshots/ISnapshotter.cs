using Hafen.Oci;
using Hafen.Oci.Runtime;

namespace Hafen.Snapshots;

/// <summary>
/// Layers on disk. A layer is read-only and named by its chain ID (image-spec, config.md#layer-chainid); a snapshot is a writable
/// root of one container above a chain of layers. Every implementation passes the same contract suite.
/// </summary>
public interface ISnapshotter
{
    /// <summary>Name as in <c>docker info</c>: <c>overlay2</c>.</summary>
    string Name { get; }

    bool HasLayer(Digest chainId);

    /// <summary>Writes a layer's difference as an uncompressed tar whose bytes have the original diff ID.</summary>
    Task WriteDiffAsync(Digest chainId, Stream tar, CancellationToken cancellationToken);

    LayerInfo GetLayer(Digest chainId);

    void RemoveLayer(Digest chainId);

    /// <summary>Makes a writable snapshot. <paramref name="keep"/> false says that it need not survive a crash of the machine (<c>--rm</c>): nothing is fsynced.</summary>
    void Prepare(string key, Digest? parent, bool keep);

    /// <summary>The mounts that make the snapshot's root, to be applied in order on an empty folder (type, source, options as for mount(2)).</summary>
    SpecMount[] Mounts(string key);

    void Remove(string key);

    /// <summary>Keys of all snapshots, for reconciling.</summary>
    IReadOnlyList<string> Keys();

    /// <summary>Bytes in the snapshot's writable part.</summary>
    long Usage(string key);

    /// <summary>
    /// Folders behind an image for <c>GraphDriver.Data</c> in inspect: UpperDir is the topmost layer's, LowerDir those below, absent when there are none.
    /// MergedDir and WorkDir are where Docker has them; nothing is mounted for an image.
    /// </summary>
    IReadOnlyDictionary<string, string> DescribeLayer(Digest chainId);

    /// <summary>Folders behind a snapshot for <c>GraphDriver.Data</c> in inspect: LowerDir, UpperDir, WorkDir, MergedDir.</summary>
    IReadOnlyDictionary<string, string> Describe(string key);
}

/// <param name="ChainId">The layer's name.</param>
/// <param name="Parent">The layer below, or null.</param>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="Size">Bytes of the layer's files, as Docker counts them.</param>
public sealed record LayerInfo(Digest ChainId, Digest? Parent, Digest DiffId, long Size);
