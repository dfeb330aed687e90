using System.Buffers;

namespace Hafen.Daemon.Http.Transport;

/// <summary>
/// Memory for the server's pipes. Unlike <see cref="MemoryPool{T}.Shared"/> it answers a wish for "any size" with a usable one; Kestrel relies on that.
/// It takes the body of a chunked request apart a megabyte at a time, which is more than the shared array pool keeps: with that one,
/// loading an archive allocates the whole archive.
/// </summary>
internal sealed class SegmentPool : MemoryPool<byte>
{
    private const int SegmentSize = 16 * 1024;
    private const int Kept = 2 * 1024 * 1024 / SegmentSize;

    private readonly Lock _lock = new();
    private readonly Stack<byte[]> _free = new();

    public static SegmentPool Instance { get; } = new();

    public override int MaxBufferSize => Array.MaxLength;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
        => minBufferSize > SegmentSize ? new Segment(null, ArrayPool<byte>.Shared.Rent(minBufferSize)) : new Segment(this, Take());

    /// <summary>Forgets what is kept for later.</summary>
    public void Trim()
    {
        lock (_lock)
        {
            _free.Clear();
            _free.TrimExcess();
        }
    }

    protected override void Dispose(bool disposing) { }

    private byte[] Take()
    {
        lock (_lock)
        {
            if (_free.TryPop(out byte[]? bytes))
                return bytes;
        }
        return GC.AllocateUninitializedArray<byte>(SegmentSize);
    }

    private void Return(byte[] bytes)
    {
        lock (_lock)
        {
            if (_free.Count < Kept)
                _free.Push(bytes);
        }
    }

    private sealed class Segment(SegmentPool? pool, byte[] bytes) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = bytes;

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Segment));

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _bytes, null) is not { } bytes)
                return;
            if (pool is not null)
                pool.Return(bytes);
            else
                ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
