using Hafen.Linux.Descriptors;

namespace Hafen.Monitor.Streams;

/// <summary>Bytes waiting for a slow reader, in native memory outside the garbage collector.</summary>
public sealed class ByteQueue : IDisposable
{
    private const int Smallest = 64 * 1024;
    private MappedMemory? _memory;
    private int _start, _end;

    /// <summary>Bytes waiting.</summary>
    public int Length => _end - _start;

    public bool IsEmpty => _end == _start;

    /// <summary>The bytes in order; valid until the next change.</summary>
    public ReadOnlySpan<byte> Bytes => _memory is null ? default : _memory.Span[_start.._end];

    /// <summary>Adds bytes at the end.</summary>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        MakeRoom(bytes.Length);
        bytes.CopyTo(_memory!.Span[_end..]);
        _end += bytes.Length;
    }

    /// <summary>Removes bytes from the front.</summary>
    public void Consume(int count)
    {
        _start += count;
        if (_start == _end)
            _start = _end = 0;
    }

    /// <summary>Gives unused memory back.</summary>
    public void Release()
    {
        if (IsEmpty)
            Clear();
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _start = _end = 0;
        _memory?.Dispose();
        _memory = null;
    }

    public void Dispose() => Clear();

    private void MakeRoom(int count)
    {
        if (_memory is null)
        {
            _memory = new MappedMemory(Capacity(count));
            return;
        }
        if (_memory.Length - _end >= count)
            return;
        var target = _memory;
        if (target.Length < Length + count || _start < target.Length / 2)
            target = new MappedMemory(Capacity(Length + count));
        int length = Length;
        Bytes.CopyTo(target.Span);
        if (target != _memory)
            _memory.Dispose();
        _memory = target;
        _start = 0;
        _end = length;
    }

    private static int Capacity(int needed) => Math.Max(Smallest, checked((int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)needed)));
}
