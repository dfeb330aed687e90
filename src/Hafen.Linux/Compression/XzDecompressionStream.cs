using System.Runtime.InteropServices;

namespace Hafen.Linux.Compression;

/// <summary>Reads xz streams (tukaani.org/xz/xz-file-format.txt), one after the other.</summary>
public sealed unsafe class XzDecompressionStream : DecompressionStream
{
    /// <summary>Bytes a decoder may take: four times what <c>xz -9</c> asks for. The archive's author chooses how much it is.</summary>
    public const long MemoryLimit = 256 << 20;

    private readonly delegate* unmanaged<lzma_stream*, int, int> _code;
    private lzma_stream* _stream;

    /// <param name="source">Compressed data; stays the caller's.</param>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    public XzDecompressionStream(Stream source)
        : base(source, "xz", complete: false)
    {
        _code = LzmaLibrary.Code;
        _stream = (lzma_stream*)NativeMemory.AllocZeroed((nuint)sizeof(lzma_stream));
        if (LzmaLibrary.StreamDecoder(_stream, MemoryLimit, LzmaLibrary.LZMA_CONCATENATED) == LzmaLibrary.LZMA_OK)
            return;
        Free();
        throw new LinuxException(Errno.ENOMEM, "lzma_stream_decoder");
    }

    private protected override bool Step(byte* input, int length, byte* output, int room, bool ended, out int consumed, out int produced)
    {
        ObjectDisposedException.ThrowIf(_stream == null, this);
        _stream->next_in = input;
        _stream->avail_in = (nuint)length;
        _stream->next_out = output;
        _stream->avail_out = (nuint)room;
        int result = _code(_stream, ended ? LzmaLibrary.LZMA_FINISH : LzmaLibrary.LZMA_RUN);
        consumed = length - (int)_stream->avail_in;
        produced = room - (int)_stream->avail_out;
        return result switch
        {
            LzmaLibrary.LZMA_STREAM_END => true,
            // No progress is possible: at the end of the input that means that it came too early.
            LzmaLibrary.LZMA_OK or LzmaLibrary.LZMA_BUF_ERROR => false,
            LzmaLibrary.LZMA_MEMLIMIT_ERROR => throw new InvalidDataException($"xz: decompressing this takes more than {MemoryLimit >> 20} MB of memory"),
            LzmaLibrary.LZMA_MEM_ERROR => throw new LinuxException(Errno.ENOMEM, "lzma_code"),
            _ => throw new InvalidDataException("xz: the data is damaged or followed by other data"),
        };
    }

    protected override void Dispose(bool disposing)
    {
        if (_stream != null)
        {
            LzmaLibrary.End(_stream);
            Free();
        }

        base.Dispose(disposing);
    }

    private void Free()
    {
        NativeMemory.Free(_stream);
        _stream = null;
    }
}
