using Hafen.Oci;

namespace Hafen.Content;

/// <summary>
/// One blob on its way into the store. Disposing without <see cref="CommitAsync"/> keeps what has arrived for the next writer. One caller at a time.
/// </summary>
public interface IContentWriter : IDisposable
{
    /// <summary>What the bytes must have as digest.</summary>
    Digest Expected { get; }

    /// <summary>How many bytes there must be.</summary>
    long Size { get; }

    /// <summary>How many are there: the next ones begin here.</summary>
    long Offset { get; }

    /// <summary>Adds bytes. After a failure the writer can only be disposed; what is on the disk stays.</summary>
    /// <exception cref="SizeMismatchException">They are more than there must be; nothing is kept.</exception>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken);

    /// <summary>Forgets what has arrived: the sender can only begin at the beginning.</summary>
    void Restart();

    /// <summary>Puts the blob into the store, when the bytes are those that were expected; durable when this returns.</summary>
    /// <exception cref="SizeMismatchException">They are too few; they are kept.</exception>
    /// <exception cref="DigestMismatchException">They are others; nothing is kept.</exception>
    Task CommitAsync(CancellationToken cancellationToken);

    /// <summary>Gives the blob up: nothing is kept.</summary>
    void Abort();
}
