using System.Runtime.InteropServices;

namespace Hafen.Linux.Nftables;

/// <summary>
/// nftables through its own library (libnftables(3)). The library is loaded for a piece of work and let go when this object is disposed:
/// the daemon needs it at its start only. Not thread-safe; one at a time in a process.
/// </summary>
public sealed unsafe class Nftables : IDisposable
{
    /// <summary>The library's name; the distributions call the package <c>libnftables1</c> or <c>nftables</c>.</summary>
    public const string Library = "libnftables.so.1";

    private const uint NFT_CTX_OUTPUT_JSON = 1 << 4;

    private readonly nint _library;
    private readonly delegate* unmanaged<nint, void> _nft_ctx_free;
    private readonly delegate* unmanaged<nint, byte*, int> _nft_run_cmd_from_buffer;
    private readonly delegate* unmanaged<nint, byte*> _nft_ctx_get_output_buffer;
    private readonly delegate* unmanaged<nint, byte*> _nft_ctx_get_error_buffer;
    private readonly delegate* unmanaged<nint, uint, void> _nft_ctx_output_set_flags;
    private nint _context;

    /// <exception cref="NftablesException">The library is not installed or does not work.</exception>
    public Nftables()
    {
        try
        {
            _library = NativeLibrary.Load(Library);
        }
        catch (DllNotFoundException exception)
        {
            throw new NftablesException($"{Library} is not installed (package libnftables1 or nftables)", exception);
        }
        try
        {
            var nft_ctx_new = (delegate* unmanaged<uint, nint>)NativeLibrary.GetExport(_library, "nft_ctx_new");
            var nft_ctx_buffer_output = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(_library, "nft_ctx_buffer_output");
            var nft_ctx_buffer_error = (delegate* unmanaged<nint, int>)NativeLibrary.GetExport(_library, "nft_ctx_buffer_error");
            _nft_ctx_free = (delegate* unmanaged<nint, void>)NativeLibrary.GetExport(_library, "nft_ctx_free");
            _nft_run_cmd_from_buffer = (delegate* unmanaged<nint, byte*, int>)NativeLibrary.GetExport(_library, "nft_run_cmd_from_buffer");
            _nft_ctx_get_output_buffer = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(_library, "nft_ctx_get_output_buffer");
            _nft_ctx_get_error_buffer = (delegate* unmanaged<nint, byte*>)NativeLibrary.GetExport(_library, "nft_ctx_get_error_buffer");
            _nft_ctx_output_set_flags = (delegate* unmanaged<nint, uint, void>)NativeLibrary.GetExport(_library, "nft_ctx_output_set_flags");

            _context = nft_ctx_new(0);
            if (_context == 0)
                throw new NftablesException("libnftables gives no context");
            nft_ctx_buffer_output(_context);
            nft_ctx_buffer_error(_context);
        }
        catch (Exception exception)
        {
            Dispose();
            if (exception is EntryPointNotFoundException)
                throw new NftablesException($"{Library} lacks a function", exception);
            throw;
        }
    }

    /// <summary>Runs commands in nft(8)'s language. All of them come into force at once, or none.</summary>
    /// <returns>What the commands print.</returns>
    /// <exception cref="NftablesException">A command was refused; the rules are as they were.</exception>
    public string Run(string commands) => Run(commands, 0);

    /// <summary>Runs a listing command and returns its answer in the library's JSON (libnftables-json(5)).</summary>
    /// <exception cref="NftablesException">The command was refused.</exception>
    public string Query(string command) => Run(command, NFT_CTX_OUTPUT_JSON);

    public void Dispose()
    {
        if (_context != 0)
            _nft_ctx_free(_context);
        _context = 0;
        NativeLibrary.Free(_library);
    }

    private string Run(string commands, uint flags)
    {
        ObjectDisposedException.ThrowIf(_context == 0, this);
        _nft_ctx_output_set_flags(_context, flags);
        byte* text = (byte*)Marshal.StringToCoTaskMemUTF8(commands);
        try
        {
            int result = _nft_run_cmd_from_buffer(_context, text);
            string output = Marshal.PtrToStringUTF8((nint)_nft_ctx_get_output_buffer(_context)) ?? "";
            string errors = Marshal.PtrToStringUTF8((nint)_nft_ctx_get_error_buffer(_context)) ?? "";
            return result == 0 ? output : throw new NftablesException("nftables: " + errors.Trim());
        }
        finally
        {
            Marshal.FreeCoTaskMem((nint)text);
        }
    }
}
