using System.Buffers;

namespace Hafen.Daemon.Http.Transport;

/// <summary>
/// Memory for the server's pipes, from the shared array pool. Unlike <see cref="MemoryPool{T}.Shared"/> it answers a wish for "any size"
/// with a usable one; Kestrel relies on that.
/// </summary>
internal sealed class SegmentPool : MemoryPool<byte>
{
    private const int SegmentSize = 4096;

    public static SegmentPool Instance { get; } = new();

    public override int MaxBufferSize => Array.MaxLength;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1) => new Segment(Math.Max(minBufferSize, SegmentSize));

    protected override void Dispose(bool disposing) { }

    private sealed class Segment(int size) : IMemoryOwner<byte>
    {
        private byte[]? _bytes = ArrayPool<byte>.Shared.Rent(size);

        public Memory<byte> Memory => _bytes ?? throw new ObjectDisposedException(nameof(Segment));

        public void Dispose()
        {
            byte[]? bytes = Interlocked.Exchange(ref _bytes, null);
            if (bytes is not null) ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
