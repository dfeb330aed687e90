using Hafen.Errors;
using Hafen.Oci;

namespace Hafen.Content;

/// <summary>Immutable blobs by the digest of their bytes, laid out as an OCI image layout (image-spec, image-layout.md).</summary>
public interface IContentStore
{
    bool Has(Digest digest);

    /// <summary>Bytes.</summary>
    /// <exception cref="KeyNotFoundException">There is no such blob.</exception>
    long Size(Digest digest);

    /// <exception cref="KeyNotFoundException">There is no such blob.</exception>
    Stream OpenRead(Digest digest);

    /// <summary>The whole blob, for documents.</summary>
    /// <exception cref="KeyNotFoundException">There is no such blob.</exception>
    byte[] Read(Digest digest);

    /// <summary>Stores a document; durable when this returns.</summary>
    Digest Put(ReadOnlySpan<byte> content);

    /// <summary>Stores a stream, read to its end; durable when this returns.</summary>
    /// <param name="content">Read once.</param>
    /// <param name="expected">What the bytes must have as digest, or null.</param>
    /// <exception cref="DigestMismatchException">The bytes are others; nothing was stored.</exception>
    Task<Digest> IngestAsync(Stream content, Digest? expected, CancellationToken cancellationToken);

    /// <summary>Removes a blob; one that is not there is fine. Readers that have it open go on.</summary>
    void Delete(Digest digest);

    IReadOnlyList<Digest> List();

    /// <summary>Removes every blob that is not in <paramref name="live"/>; returns how many. The caller sees to it that nothing is stored meanwhile.</summary>
    int Collect(IReadOnlySet<Digest> live);
}

/// <summary>Content whose bytes have another digest than they should.</summary>
public sealed class DigestMismatchException(Digest expected, Digest found)
    : HafenException(ErrorKind.InvalidParameter, $"digest mismatch: expected {expected}, got {found}")
{
    public Digest Expected { get; } = expected;

    public Digest Found { get; } = found;
}
