using System.Runtime.InteropServices;

namespace Hafen.Linux.Compression;

/// <summary>Reads bzip2 streams, one after the other.</summary>
public sealed unsafe class Bzip2DecompressionStream : DecompressionStream
{
    private readonly delegate* unmanaged<bz_stream*, int> _decompress;
    // The library remembers where it is.
    private bz_stream* _stream;
    private bool _open;

    /// <param name="source">Compressed data; stays the caller's.</param>
    /// <exception cref="DllNotFoundException">libbz2 is not installed.</exception>
    public Bzip2DecompressionStream(Stream source)
        : base(source, "bzip2", complete: false)
    {
        _decompress = Bzip2Library.Decompress;
        _stream = (bz_stream*)NativeMemory.AllocZeroed((nuint)sizeof(bz_stream));
    }

    private protected override bool Step(byte* input, int length, byte* output, int room, bool ended, out int consumed, out int produced)
    {
        ObjectDisposedException.ThrowIf(_stream == null, this);
        BeginStream();
        _stream->next_in = input;
        _stream->avail_in = (uint)length;
        _stream->next_out = output;
        _stream->avail_out = (uint)room;
        int result = _decompress(_stream);
        consumed = length - (int)_stream->avail_in;
        produced = room - (int)_stream->avail_out;
        switch (result)
        {
            case Bzip2Library.BZ_OK:
                return false;
            case Bzip2Library.BZ_STREAM_END:
                EndStream();
                return true;
            case Bzip2Library.BZ_MEM_ERROR:
                throw new LinuxException(Errno.ENOMEM, "BZ2_bzDecompress");
            default:
                throw new InvalidDataException("bzip2: the data is damaged or followed by other data");
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (_stream != null)
        {
            EndStream();
            NativeMemory.Free(_stream);
            _stream = null;
        }

        base.Dispose(disposing);
    }

    private void BeginStream()
    {
        if (_open)
            return;
        *_stream = default;
        if (Bzip2Library.Init(_stream, 0, 0) != Bzip2Library.BZ_OK)
            throw new LinuxException(Errno.ENOMEM, "BZ2_bzDecompressInit");
        _open = true;
    }

    private void EndStream()
    {
        if (_open)
            _ = Bzip2Library.End(_stream);
        _open = false;
    }
}
