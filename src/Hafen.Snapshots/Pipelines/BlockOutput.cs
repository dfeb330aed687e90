namespace Hafen.Snapshots.Pipelines;

/// <summary>Writes one run of bytes into a queue, gathered to whole blocks; the counterpart of <see cref="BlockInput"/>. One thread. Completing the queue is the owner's.</summary>
public sealed class BlockOutput(BlockQueue queue) : IDisposable
{
    private Block? _block;

    /// <summary>Bytes written so far.</summary>
    public long Written { get; private set; }

    /// <summary>Room for the next bytes, at least one; waits while the queue is full.</summary>
    /// <exception cref="PipelineAbortedException">The consumer gave up.</exception>
    public Span<byte> Room()
    {
        if (_block is { Length: Block.Capacity })
            Flush();
        _block ??= queue.Pool.Rent();
        return _block.Free;
    }

    /// <summary>So many bytes of the room were filled.</summary>
    public void Advance(int count)
    {
        _block!.Length += count;
        Written += count;
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var room = Room();
            int count = Math.Min(bytes.Length, room.Length);
            bytes[..count].CopyTo(room);
            Advance(count);
            bytes = bytes[count..];
        }
    }

    public void WriteZeros(long count)
    {
        while (count > 0)
        {
            var room = Room();
            if (room.Length > count)
                room = room[..(int)count];
            room.Clear();
            Advance(room.Length);
            count -= room.Length;
        }
    }

    /// <summary>Hands over what is gathered.</summary>
    public void Flush()
    {
        if (_block is not { Length: > 0 } block)
            return;
        _block = null;
        queue.Add(block);
    }

    public void Dispose()
    {
        _block?.Recycle();
        _block = null;
    }
}
