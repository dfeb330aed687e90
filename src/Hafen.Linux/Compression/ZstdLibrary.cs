using System.Runtime.InteropServices;

namespace Hafen.Linux.Compression;

/// <summary>The few functions of libzstd.so.1 that decompression needs, bound when first used: without zstd layers the library may be absent.</summary>
internal static unsafe class ZstdLibrary
{
    private static readonly Lazy<nint> s_handle = new(Load);

    public static nint CreateStream() => ((delegate* unmanaged<nint>)Symbol("ZSTD_createDStream"))();

    public static void FreeStream(nint stream) => ((delegate* unmanaged<nint, nuint>)Symbol("ZSTD_freeDStream"))(stream);

    /// <summary>The stream step itself, fetched once by each stream.</summary>
    public static delegate* unmanaged<nint, ZSTD_buffer*, ZSTD_buffer*, nuint> DecompressStream
        => (delegate* unmanaged<nint, ZSTD_buffer*, ZSTD_buffer*, nuint>)Symbol("ZSTD_decompressStream");

    /// <summary>The library's words for a result that is an error, or null.</summary>
    public static string? ErrorOf(nuint result)
    {
        if (((delegate* unmanaged<nuint, uint>)Symbol("ZSTD_isError"))(result) == 0)
            return null;
        return Marshal.PtrToStringUTF8(((delegate* unmanaged<nuint, nint>)Symbol("ZSTD_getErrorName"))(result)) ?? "unknown error";
    }

    private static nint Symbol(string name) => NativeLibrary.GetExport(s_handle.Value, name);

    private static nint Load()
        => NativeLibrary.TryLoad("libzstd.so.1", out nint handle)
            ? handle
            : throw new DllNotFoundException("zstd compressed data needs the library libzstd.so.1 (Debian package libzstd1), which is not installed");
}

/// <summary><c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c> (zstd.h), which have the same members.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ZSTD_buffer
{
    public byte* data;
    public nuint size;
    public nuint pos;
}
