namespace Hafen.Snapshots.Pipelines;

/// <summary>A stream whose writes go into a queue, gathered to whole blocks; flushing hands over what is left. Completing the queue is the owner's.</summary>
public sealed class QueueStream(BlockQueue queue) : Stream
{
    private Block? _block;

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            _block ??= queue.Pool.Rent();
            int count = Math.Min(buffer.Length, _block.FreeMemory.Length);
            buffer[..count].CopyTo(_block.FreeMemory);
            _block.Length += count;
            buffer = buffer[count..];
            if (_block.Length == Block.Capacity)
                await FlushAsync(cancellationToken);
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count) => WriteAsync(buffer.AsMemory(offset, count)).AsTask().GetAwaiter().GetResult();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        if (_block is not { } block)
            return;
        _block = null;
        await queue.AddAsync(block);
    }

    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        _block?.Recycle();
        _block = null;
        base.Dispose(disposing);
    }
}
