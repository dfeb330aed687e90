using Hafen.Oci;
using Hafen.Oci.Runtime;

namespace Hafen.Snapshots;

/// <summary>
/// Trees of files in layers. Every implementation passes the same contract suite.
/// <para>The words:</para>
/// <list type="bullet">
/// <item>a <b>layer</b> is read-only, lies on another one or on nothing, and is named by its chain ID (image-spec, config.md#layer-chainid), which says what lies below it, too;</item>
/// <item>a <b>diff ID</b> is the digest of a layer's uncompressed tar, whatever it lies on;</item>
/// <item>a <b>snapshot</b> is a writable tree on a layer or on nothing, with a key of its owner's choice: the ID of a container, the step of a build;</item>
/// <item>the <b>changes</b> of a snapshot are what it has of its own, and what of the tree below it hides; written as a tar they are the next layer;</item>
/// <item>the <b>mount points</b> that every container needs (<c>/dev</c>, <c>/proc</c>, <c>/etc/hosts</c> …) lie below everything and belong to no layer: they are seen in a
/// snapshot and never among its changes.</item>
/// </list>
/// <para>The life of a snapshot:</para>
/// <code>
/// Prepare(key, chainId)          it is there, and so is its layer with all below: RemoveLayer refuses
/// Mounts(key)                    what makes its root; the owner mounts it, writes, unmounts, as often as it likes, also after a restart of the daemon
/// Usage, Changes                 how much was written, and what
/// WriteChangesAsync(key, tar)    the changes as a layer: staged from that tar and committed above chainId, it makes the same tree
/// WriteTreeAsync(key, tar)       the whole tree
/// Remove(key)                    it is gone at once; the files go on the side
/// </code>
/// <para>
/// A snapshot may be mounted and written while it is read. What is read then is of no single moment: each file is what one name was when its turn came, never a mixture
/// of two and never anything outside of the snapshot, and what is made, moved or removed meanwhile may be in it or not. Who wants one moment stops the container first.
/// A snapshot that is removed while it is read is an error, not a short list.
/// </para>
/// </summary>
public interface ISnapshotter
{
    /// <summary>Name as in <c>docker info</c>: <c>overlay2</c>.</summary>
    string Name { get; }

    bool HasLayer(Digest chainId);

    /// <summary>Writes a layer's difference as an uncompressed tar whose bytes have the original diff ID.</summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    Task WriteDiffAsync(Digest chainId, Stream tar, CancellationToken cancellationToken);

    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    LayerInfo GetLayer(Digest chainId);

    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    /// <exception cref="InvalidOperationException">Something lies on it.</exception>
    void RemoveLayer(Digest chainId);

    /// <summary>Makes a writable snapshot. <paramref name="keep"/> false says that it need not survive a crash of the machine (<c>--rm</c>): nothing is fsynced.</summary>
    /// <param name="key">At most 200 characters, no slash in it and no dot at its beginning.</param>
    /// <param name="parent">The layer it lies on; null for none.</param>
    /// <exception cref="ArgumentException">The key is none.</exception>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    /// <exception cref="InvalidOperationException">There is a snapshot with the key.</exception>
    void Prepare(string key, Digest? parent, bool keep);

    /// <summary>The mounts that make the snapshot's root, to be applied in order on an empty folder (type, source, options as for mount(2)).</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    SpecMount[] Mounts(string key);

    /// <summary>Removes a snapshot; one that is not there is fine.</summary>
    /// <exception cref="ArgumentException">The key is none.</exception>
    void Remove(string key);

    /// <summary>Keys of all snapshots, for reconciling.</summary>
    IReadOnlyList<string> Keys();

    /// <summary>Bytes in the snapshot's writable part.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    long Usage(string key);

    /// <summary>
    /// What differs from the layer below, as <c>docker diff</c> lists it, in the order of the paths' bytes, folders before what is in them. Found while it is enumerated,
    /// on the caller's thread; nothing of it is held.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or it was removed meanwhile.</exception>
    IEnumerable<SnapshotChange> Changes(string key, CancellationToken cancellationToken);

    /// <summary>
    /// Writes the changes as an uncompressed layer (image-spec, layer.md): whiteouts and opaque folders by their marks; files with several names as links to the first of
    /// them; times to the nanosecond, extended attributes, devices and large holes as they are. Folders come before what is in them, names in the order of their bytes, and
    /// nothing of the machine or the moment is in it: the same tree makes the same bytes. Left out are sockets, names that begin with <c>.wh.</c>, SELinux' labels.
    /// </summary>
    /// <param name="tar">Not closed; when this fails, what was written is no whole archive.</param>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or it was removed meanwhile.</exception>
    /// <exception cref="SnapshotException">The snapshot has something that cannot be read this way.</exception>
    Task<WrittenLayer> WriteChangesAsync(string key, Stream tar, CancellationToken cancellationToken);

    /// <summary>Writes the whole tree as <c>docker export</c> does, the mount points included; otherwise as <see cref="WriteChangesAsync"/>.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot, or it was removed meanwhile.</exception>
    /// <exception cref="SnapshotException">The snapshot has something that cannot be read this way.</exception>
    Task WriteTreeAsync(string key, Stream tar, CancellationToken cancellationToken);

    /// <summary>
    /// Folders behind an image for <c>GraphDriver.Data</c> in inspect: UpperDir is the topmost layer's, LowerDir those below, absent when there are none.
    /// MergedDir and WorkDir are where Docker has them; nothing is mounted for an image.
    /// </summary>
    /// <exception cref="KeyNotFoundException">There is no such layer.</exception>
    IReadOnlyDictionary<string, string> DescribeLayer(Digest chainId);

    /// <summary>Folders behind a snapshot for <c>GraphDriver.Data</c> in inspect: LowerDir, UpperDir, WorkDir, MergedDir.</summary>
    /// <exception cref="KeyNotFoundException">There is no such snapshot.</exception>
    IReadOnlyDictionary<string, string> Describe(string key);
}

/// <param name="ChainId">The layer's name.</param>
/// <param name="Parent">The layer below, or null.</param>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="Size">Bytes of the layer's files, as Docker counts them.</param>
public sealed record LayerInfo(Digest ChainId, Digest? Parent, Digest DiffId, long Size);
