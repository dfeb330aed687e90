namespace Hafen.Linux.Compression;

/// <summary>Reads zstd frames (RFC 8878), one after the other, from a stream. Not for several threads at once.</summary>
public sealed unsafe class ZstdDecompressionStream : Stream
{
    private readonly Stream _source;
    private readonly byte[] _input = new byte[128 * 1024];
    private readonly delegate* unmanaged<nint, ZSTD_buffer*, ZSTD_buffer*, nuint> _step;
    private nint _stream;
    private int _start;
    private int _end;
    private bool _insideFrame;

    /// <param name="source">Compressed data; stays the caller's.</param>
    /// <exception cref="DllNotFoundException">libzstd is not installed.</exception>
    public ZstdDecompressionStream(Stream source)
    {
        _source = source;
        _step = ZstdLibrary.DecompressStream;
        _stream = ZstdLibrary.CreateStream();
        if (_stream == 0) throw new LinuxException(Errno.ENOMEM, "ZSTD_createDStream");
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <exception cref="InvalidDataException">The data is damaged or ends inside a frame.</exception>
    public override int Read(Span<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(_stream == 0, this);
        if (buffer.IsEmpty) return 0;
        while (true)
        {
            bool ended = false;
            if (_start == _end)
            {
                _start = 0;
                _end = _source.Read(_input);
                ended = _end == 0;
                if (ended && !_insideFrame) return 0;
            }

            int produced;
            fixed (byte* input = _input)
            fixed (byte* output = buffer)
            {
                ZSTD_buffer source = new() { data = input, size = (nuint)_end, pos = (nuint)_start };
                ZSTD_buffer target = new() { data = output, size = (nuint)buffer.Length };
                nuint result = _step(_stream, &target, &source);
                if (ZstdLibrary.ErrorOf(result) is string error) throw new InvalidDataException($"zstd: the data is damaged: {error}");
                _start = (int)source.pos;
                _insideFrame = result != 0;
                produced = (int)target.pos;
            }

            if (produced > 0) return produced;
            if (ended) throw new InvalidDataException("zstd: the data is truncated");
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        nint stream = Interlocked.Exchange(ref _stream, 0);
        if (stream != 0) ZstdLibrary.FreeStream(stream);
        base.Dispose(disposing);
    }
}
