using System.Runtime.InteropServices;

namespace Hafen.Linux.Compression;

/// <summary>The few functions of libbz2 that decompression needs, bound when first used: without bzip2 archives the library may be absent.</summary>
internal static unsafe class Bzip2Library
{
    public const int BZ_OK = 0, BZ_STREAM_END = 4, BZ_MEM_ERROR = -3;

    private static readonly Lazy<nint> s_handle = new(Load);

    /// <summary><c>BZ2_bzDecompressInit</c>: stream, verbosity, whether to be slow in less memory.</summary>
    public static delegate* unmanaged<bz_stream*, int, int, int> Init => (delegate* unmanaged<bz_stream*, int, int, int>)Symbol("BZ2_bzDecompressInit");

    public static delegate* unmanaged<bz_stream*, int> Decompress => (delegate* unmanaged<bz_stream*, int>)Symbol("BZ2_bzDecompress");

    public static delegate* unmanaged<bz_stream*, int> End => (delegate* unmanaged<bz_stream*, int>)Symbol("BZ2_bzDecompressEnd");

    private static nint Symbol(string name) => NativeLibrary.GetExport(s_handle.Value, name);

    // Debian calls it by the version of its interface, others by the first number of that.
    private static nint Load()
        => NativeLibrary.TryLoad("libbz2.so.1.0", out nint handle) || NativeLibrary.TryLoad("libbz2.so.1", out handle)
            ? handle
            : throw new DllNotFoundException("bzip2 compressed data needs the library libbz2.so.1 (Debian package libbz2-1.0), which is not installed");
}

/// <summary><c>bz_stream</c> (bzlib.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct bz_stream
{
    public byte* next_in;
    public uint avail_in;
    public uint total_in_lo32;
    public uint total_in_hi32;
    public byte* next_out;
    public uint avail_out;
    public uint total_out_lo32;
    public uint total_out_hi32;
    public void* state;
    public void* bzalloc;
    public void* bzfree;
    public void* opaque;
}
