using System.Runtime.InteropServices;

namespace Hafen.Linux.Compression;

/// <summary>The few functions of liblzma.so.5 that decompression needs, bound when first used: without xz archives the library may be absent.</summary>
internal static unsafe class LzmaLibrary
{
    public const int LZMA_OK = 0, LZMA_STREAM_END = 1, LZMA_MEM_ERROR = 5, LZMA_MEMLIMIT_ERROR = 6, LZMA_BUF_ERROR = 10;
    public const int LZMA_RUN = 0, LZMA_FINISH = 3;
    public const uint LZMA_CONCATENATED = 0x08;

    private static readonly Lazy<nint> s_handle = new(Load);

    /// <summary><c>lzma_stream_decoder</c>: stream, memory limit in bytes, flags.</summary>
    public static delegate* unmanaged<lzma_stream*, ulong, uint, int> StreamDecoder => (delegate* unmanaged<lzma_stream*, ulong, uint, int>)Symbol("lzma_stream_decoder");

    public static delegate* unmanaged<lzma_stream*, int, int> Code => (delegate* unmanaged<lzma_stream*, int, int>)Symbol("lzma_code");

    public static delegate* unmanaged<lzma_stream*, void> End => (delegate* unmanaged<lzma_stream*, void>)Symbol("lzma_end");

    private static nint Symbol(string name) => NativeLibrary.GetExport(s_handle.Value, name);

    private static nint Load()
        => NativeLibrary.TryLoad("liblzma.so.5", out nint handle)
            ? handle
            : throw new DllNotFoundException("xz compressed data needs the library liblzma.so.5 (Debian package liblzma5), which is not installed");
}

/// <summary><c>lzma_stream</c> (lzma/base.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct lzma_stream
{
    public byte* next_in;
    public nuint avail_in;
    public ulong total_in;
    public byte* next_out;
    public nuint avail_out;
    public ulong total_out;
    public void* allocator;
    public void* @internal;
    public void* reserved_ptr1;
    public void* reserved_ptr2;
    public void* reserved_ptr3;
    public void* reserved_ptr4;
    public ulong seek_pos;
    public ulong reserved_int2;
    public nuint reserved_int3;
    public nuint reserved_int4;
    public int reserved_enum1;
    public int reserved_enum2;
}
