namespace Hafen.Snapshots.Pipelines;

/// <summary>Reads a queue as one run of bytes without copying. One thread.</summary>
public sealed class BlockInput(BlockQueue queue) : IDisposable
{
    private Block? _block;
    private int _position;

    /// <summary>Bytes consumed so far.</summary>
    public long Consumed { get; private set; }

    /// <summary>What can be read without waiting, after waiting for at least one byte; empty at the end.</summary>
    public ReadOnlySpan<byte> Peek()
    {
        while (_block is null || _position == _block.Length)
        {
            _block?.Recycle();
            _position = 0;
            _block = queue.Take();
            if (_block is null)
                return default;
        }

        return _block.Filled[_position..];
    }

    public void Advance(int count)
    {
        _position += count;
        Consumed += count;
    }

    /// <summary>Fills the span as far as there are bytes; returns how many.</summary>
    public int ReadUpTo(Span<byte> target)
    {
        int done = 0;
        while (done < target.Length)
        {
            var piece = Peek();
            if (piece.IsEmpty)
                break;
            int count = Math.Min(piece.Length, target.Length - done);
            piece[..count].CopyTo(target[done..]);
            Advance(count);
            done += count;
        }

        return done;
    }

    /// <summary>
    /// The next bytes as a block that belongs to the caller: the one they came in when nothing else is in it, otherwise a copy. Null at the end.
    /// </summary>
    /// <param name="limit">Bytes that may be taken.</param>
    public Block? TakeBlock(long limit = long.MaxValue)
    {
        var piece = Peek();
        if (piece.IsEmpty)
            return null;
        var block = _block!;
        if (_position == 0 && block.Length <= limit)
        {
            _block = null;
            Consumed += block.Length;
            return block;
        }

        if (piece.Length > limit)
            piece = piece[..(int)limit];
        block = queue.Pool.Rent();
        piece.CopyTo(block.Free);
        block.Length = piece.Length;
        Advance(piece.Length);
        return block;
    }

    public void Dispose()
    {
        _block?.Recycle();
        _block = null;
    }
}

/// <summary>The same bytes as a stream, for decompressors.</summary>
internal sealed class BlockInputStream(BlockInput input, Action<ReadOnlySpan<byte>>? observe) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var piece = input.Peek();
        int count = Math.Min(piece.Length, buffer.Length);
        piece[..count].CopyTo(buffer);
        observe?.Invoke(buffer[..count]);
        input.Advance(count);
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
