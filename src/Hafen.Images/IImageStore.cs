using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images;

/// <summary>Images by ID (digest of the config) and by reference. All changes are serialised inside; a reader never sees half an image.</summary>
public interface IImageStore
{
    /// <summary>Finds by <c>name</c>, <c>name:tag</c>, <c>name@digest</c>, ID or unambiguous ID prefix (with or without <c>sha256:</c>); null when there is none.</summary>
    /// <exception cref="ImageException">The prefix is ambiguous or the reference malformed.</exception>
    Image? Find(string reference);

    IReadOnlyList<Image> List();

    /// <summary>
    /// A sentence on each thing that a newer release has written. Where images or layers are among them, nothing of the store is changed or removed: every change is
    /// refused with an <see cref="ImageException"/>.
    /// </summary>
    IReadOnlyList<string> LeftAlone { get; }

    /// <summary>Reads docker-archive or oci-archive, plain or compressed. Nothing is changed when the archive is broken.</summary>
    /// <param name="archive">The stream, read once from front to end.</param>
    /// <param name="progress">Told per layer.</param>
    Task<LoadResult> LoadAsync(Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken);

    /// <summary>Makes an image of one layer from a root file system tar (plain or compressed).</summary>
    Task<Image> ImportAsync(Stream tar, ImageReference? reference, ImageConfig config, string? message, CancellationToken cancellationToken);

    /// <summary>Writes images as an archive that is docker-archive and OCI layout at once, as Docker 25 and later do.</summary>
    Task SaveAsync(IReadOnlyList<string> references, Stream archive, CancellationToken cancellationToken);

    /// <summary>Points a reference at an image; returns the image it pointed at before.</summary>
    Image? Tag(Image image, ImageReference reference);

    /// <summary>
    /// Removes a reference or, by ID, the image with all its references; layers nothing needs are removed.
    /// What containers use is decided by the caller.
    /// </summary>
    IReadOnlyList<ImageRemoval> Remove(string reference, bool force);

    /// <summary>Removes an image with all its references if it is there and <paramref name="condition"/> holds while nobody else changes anything.</summary>
    /// <returns>What was removed: nothing when it was not.</returns>
    IReadOnlyList<ImageRemoval> RemoveIf(Digest id, Func<Image, bool> condition);

    /// <summary>Takes a name off an image, which stays even when it was its last one. Digests of a repository whose last tag goes are taken off too.</summary>
    /// <exception cref="ImageException">There is no such name.</exception>
    IReadOnlyList<ImageRemoval> Untag(string reference);

    /// <summary>Makes sure that the embedded hello-world image is there; used when it is asked for and no registry is in reach.</summary>
    Task<Image> LoadBuiltInAsync(string name, CancellationToken cancellationToken);
}

/// <summary>An image as the store holds it.</summary>
public sealed record Image
{
    /// <summary>Digest of the config's bytes.</summary>
    public required Digest Id { get; init; }
    public required ImageConfig Config { get; init; }
    /// <summary>References in normal form, without digests, sorted.</summary>
    public required IReadOnlyList<ImageReference> Tags { get; init; }
    public required IReadOnlyList<string> RepoDigests { get; init; }
    /// <summary>Chain ID of the topmost layer; null for an image without layers.</summary>
    public required Digest? TopLayer { get; init; }
    /// <summary>Sum of the layers' sizes in bytes.</summary>
    public required long Size { get; init; }
    public required DateTimeOffset? LastTagged { get; init; }
}

/// <summary>One line of <c>docker rmi</c>: exactly one member is set.</summary>
public sealed record ImageRemoval(string? Untagged, string? Deleted);

/// <param name="Images">What was loaded, in the archive's order.</param>
/// <param name="References">References that were set, as shown to people.</param>
public sealed record LoadResult(IReadOnlyList<Image> Images, IReadOnlyList<string> References)
{
    /// <summary>Images that lost a name to one that was loaded.</summary>
    public required IReadOnlyList<RenamedImage> Renamed { get; init; }
}

/// <param name="Reference">The name, as shown to people.</param>
/// <param name="Id">Whose it was.</param>
public sealed record RenamedImage(string Reference, Digest Id);

/// <param name="Layer">Short ID shown to people.</param>
/// <param name="Current">Bytes read.</param>
/// <param name="Total">Bytes in all, 0 when unknown.</param>
public sealed record LayerProgress(string Layer, long Current, long Total);

/// <summary>An image operation that failed for a reason of the caller's.</summary>
public sealed class ImageException(ErrorKind kind, string message, Exception? inner = null) : HafenException(kind, message, inner);
