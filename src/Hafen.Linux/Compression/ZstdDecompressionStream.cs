namespace Hafen.Linux.Compression;

/// <summary>Reads zstd frames (RFC 8878), one after the other.</summary>
public sealed unsafe class ZstdDecompressionStream : DecompressionStream
{
    private readonly delegate* unmanaged<nint, ZSTD_buffer*, ZSTD_buffer*, nuint> _step;
    private nint _stream;

    /// <param name="source">Compressed data; stays the caller's.</param>
    /// <exception cref="DllNotFoundException">libzstd is not installed.</exception>
    public ZstdDecompressionStream(Stream source)
        : base(source, "zstd", complete: true)
    {
        _step = ZstdLibrary.DecompressStream;
        _stream = ZstdLibrary.CreateStream();
        if (_stream == 0)
            throw new LinuxException(Errno.ENOMEM, "ZSTD_createDStream");
    }

    private protected override bool Step(byte* input, int length, byte* output, int room, bool ended, out int consumed, out int produced)
    {
        ObjectDisposedException.ThrowIf(_stream == 0, this);
        ZSTD_buffer source = new() { data = input, size = (nuint)length };
        ZSTD_buffer target = new() { data = output, size = (nuint)room };
        nuint result = _step(_stream, &target, &source);
        if (ZstdLibrary.ErrorOf(result) is string error)
            throw new InvalidDataException($"zstd: the data is damaged: {error}");
        consumed = (int)source.pos;
        produced = (int)target.pos;
        return result == 0;
    }

    protected override void Dispose(bool disposing)
    {
        nint stream = Interlocked.Exchange(ref _stream, 0);
        if (stream != 0)
            ZstdLibrary.FreeStream(stream);
        base.Dispose(disposing);
    }
}
