namespace Hafen.Linux.Compression;

/// <summary>Reads compressed data from a stream through a decoder of the distribution's. Not for several threads at once.</summary>
public abstract unsafe class DecompressionStream : Stream
{
    private readonly Stream _source;
    private readonly string _name;
    private readonly byte[] _input = new byte[128 * 1024];
    private int _start;
    private int _end;
    private bool _ended;
    private bool _complete;

    /// <param name="source">Compressed data; stays the caller's.</param>
    /// <param name="name">Of the compression, for people.</param>
    /// <param name="complete">Whether no data at all is complete.</param>
    private protected DecompressionStream(Stream source, string name, bool complete)
    {
        _source = source;
        _name = name;
        _complete = complete;
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="InvalidDataException">The data is damaged or ends too early.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty)
            return 0;
        while (true)
        {
            if (_start == _end && !_ended)
            {
                _start = 0;
                _end = _source.Read(_input);
                _ended = _end == 0;
            }

            if (_ended && _complete)
                return 0;
            int consumed, produced;
            fixed (byte* input = _input)
            fixed (byte* output = buffer)
            {
                _complete = Step(input + _start, _end - _start, output, buffer.Length, _ended, out consumed, out produced);
            }

            _start += consumed;
            if (produced > 0)
                return produced;
            if (_ended && !_complete)
                throw new InvalidDataException($"{_name}: the data is truncated");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <summary>Decodes what it can.</summary>
    /// <param name="ended">No input follows.</param>
    /// <returns>True when the data may end here.</returns>
    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    private protected abstract bool Step(byte* input, int length, byte* output, int room, bool ended, out int consumed, out int produced);
}
