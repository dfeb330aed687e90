using System.Buffers;

namespace Hafen.Logging.JsonFile;

/// <summary>
/// Cuts a stream of bytes into lines. Bytes behind the last line end are kept until more arrive, or until <see cref="Release"/> gives the memory back for as
/// long as there is nothing to do.
/// </summary>
internal sealed class LogLines : IDisposable
{
    // Far above the largest entry the driver writes (16 KB of text, six bytes for each at most, and attributes of any usual size).
    private const int MaxLine = 4 * 1024 * 1024;
    private const int Size = 64 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;
    private bool _skipping;

    /// <summary>Bytes that do not end with a line end yet.</summary>
    public ReadOnlySpan<byte> Rest => _skipping ? default : _buffer.AsSpan(_start, _end - _start);

    /// <summary>Room for the next bytes; never empty.</summary>
    public Span<byte> Free()
    {
        if (_buffer.Length == 0)
            _buffer = ArrayPool<byte>.Shared.Rent(Size);
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length)
        {
            if (_end >= MaxLine)
            {
                // No entry is that long: forget what is there up to the next line end.
                _skipping = true;
                _end = 0;
            }
            else
            {
                Grow();
            }
        }
        return _buffer.AsSpan(_end);
    }

    /// <summary>Says how much of <see cref="Free"/> was filled.</summary>
    public void Added(int count) => _end += count;

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        Release();
        _skipping = false;
    }

    /// <summary>Gives the memory back.</summary>
    /// <returns>How many bytes that were added and not taken are gone, and have to be added again.</returns>
    public int Release()
    {
        int pending = _end - _start;
        _start = _end = 0;
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
        return pending;
    }

    /// <summary>The next complete line without its end; false when there is none. Valid until <see cref="Free"/>.</summary>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            line = default;
            int length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length < 0)
                return false;
            line = _buffer.AsSpan(_start, length);
            _start += length + 1;
            if (!_skipping)
                return true;
            _skipping = false;
        }
    }

    public void Dispose() => Release();

    private void Grow()
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(_buffer.Length * 2);
        _buffer.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }
}
