using Hafen.Oci;

namespace Hafen.Content;

/// <summary>
/// Immutable blobs by the digest of their bytes, laid out as an OCI image layout (image-spec, image-layout.md). Every implementation passes the same contract suite.
/// <para>
/// A blob lives as long as something needs it: it is reachable from a root (an image that is in use names its documents and through them what they name), or a lease
/// names it. Everything else goes with the next <see cref="Collect"/>. Whoever stores a blob, or reads one that nothing refers to for certain, holds a lease from before
/// until something else refers to it:
/// </para>
/// <code>
/// using var lease = store.Lease();              // 1. from now on nothing that is put under it goes
/// var id = store.Put(document, lease);          // 2. stored, and named by the lease before it can be seen
/// Publish(id);                                  // 3. a root refers to it
///                                               // 4. disposed: the root alone keeps it
/// </code>
/// <para>
/// Bytes that come from elsewhere and may stop half-way (a registry) go through a writer: what has arrived is kept under the digest that is expected, also when the
/// daemon ends, and the next writer for that digest goes on behind it. A writer that is left alone expires.
/// </para>
/// </summary>
public interface IContentStore
{
    bool Has(Digest digest);

    /// <summary>Bytes.</summary>
    /// <exception cref="KeyNotFoundException">There is no such blob.</exception>
    long Size(Digest digest);

    /// <summary>The blob's bytes; a stream that is open stays good when the blob is removed.</summary>
    /// <exception cref="KeyNotFoundException">There is no such blob.</exception>
    Stream OpenRead(Digest digest);

    /// <summary>The whole blob, for documents.</summary>
    /// <exception cref="KeyNotFoundException">There is no such blob.</exception>
    byte[] Read(Digest digest);

    IReadOnlyList<Digest> List();

    /// <summary>A lease of this process: it ends when it is disposed, and with the process.</summary>
    IContentLease Lease();

    /// <summary>
    /// A lease that outlives the process, for what is worth going on with after a crash. The same name is the same lease, with what it held before. Disposing only
    /// lets go of it: it stays until <see cref="IContentLease.End"/>, or until nobody has opened or used it for <see cref="ContentStoreOptions.LeaseLifetime"/>.
    /// </summary>
    /// <param name="name">At most 128 letters, digits, dots, dashes and underscores, the first a letter or digit.</param>
    /// <exception cref="ArgumentException">The name is none.</exception>
    /// <exception cref="Hafen.Linux.FileSystem.NewerVersionException">A newer release has a lease of this name.</exception>
    IContentLease Lease(string name);

    /// <summary>Stores a document; durable when this returns.</summary>
    /// <param name="lease">Names the document from before it can be seen.</param>
    Digest Put(ReadOnlySpan<byte> content, IContentLease lease);

    /// <summary>Stores a stream, read to its end; durable when this returns. Nothing is kept of one that stops half-way.</summary>
    /// <param name="content">Read once.</param>
    /// <param name="expected">What the bytes must have as digest, or null.</param>
    /// <param name="lease">Names the blob from before it can be seen.</param>
    /// <exception cref="DigestMismatchException">The bytes are others; nothing was stored.</exception>
    Task<Digest> IngestAsync(Stream content, Digest? expected, IContentLease lease, CancellationToken cancellationToken);

    /// <summary>
    /// A writer for one blob, behind what earlier ones have received of it. There is one at a time for a digest: a second caller waits, at most
    /// <see cref="ContentStoreOptions.WriterLimit"/>, and finds the blob there or goes on with it.
    /// </summary>
    /// <param name="expected">What the bytes must have as digest.</param>
    /// <param name="size">How many they must be.</param>
    /// <param name="lease">Names the blob from now on.</param>
    /// <returns>Null when the blob is there.</returns>
    /// <exception cref="SizeMismatchException">The blob is there and has another size.</exception>
    /// <exception cref="ContentBusyException">The other writer took too long.</exception>
    Task<IContentWriter?> OpenWriterAsync(Digest expected, long size, IContentLease lease, CancellationToken cancellationToken);

    /// <summary>A sentence on each lease that a newer release has written, under which any blob may be.</summary>
    IReadOnlyList<string> LeftAlone { get; }

    /// <summary>What has been received in part, whether anybody is still at it or not.</summary>
    IReadOnlyList<PartialContent> Partials();

    /// <summary>
    /// Removes every blob that is neither reachable from a root nor named by a lease, and what was received in part and left alone. Others may write and take leases
    /// meanwhile: what comes into the store, and what is leased at any time from the beginning to the end, stays.
    /// </summary>
    /// <param name="roots">Asked once after the collection has begun; so whoever makes a root of what a lease names may end the lease at any time afterwards.</param>
    /// <returns>How many blobs were removed: none while there is something in <see cref="LeftAlone"/>.</returns>
    int Collect(Func<IEnumerable<ContentRoot>> roots);
}
