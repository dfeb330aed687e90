using Hafen.Oci;

namespace Hafen.Content.Leases;

/// <summary>A handle on a lease.</summary>
/// <param name="exists">Whether a blob is there.</param>
internal sealed class ContentLease(LeaseTable table, LeaseState state, Func<Digest, bool> exists) : IContentLease
{
    private int _disposed;

    public bool IsOf(LeaseTable other) => ReferenceEquals(table, other);

    /// <summary>Names a blob, there or on its way.</summary>
    public void Hold(Digest digest)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        table.Hold(state, digest);
    }

    public bool TryHold(Digest digest)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        return table.TryHold(state, digest, exists);
    }

    public void End()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _disposed) != 0, this);
        table.End(state);
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
            table.Close(state);
    }
}
