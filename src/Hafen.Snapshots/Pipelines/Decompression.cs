using Hafen.Linux.Compression;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Pipelines;

public enum CompressionKind
{
    None,
    Gzip,
    Zstd,
    Xz,
    Bzip2,
}

/// <summary>Recognises compressed streams by their first bytes and undoes the compression.</summary>
public static class Decompression
{
    /// <summary>Tells the kind from the first bytes (at least six of them, if there are so many).</summary>
    public static CompressionKind Detect(ReadOnlySpan<byte> start)
        => start.StartsWith((ReadOnlySpan<byte>)[0x1F, 0x8B]) ? CompressionKind.Gzip
            : start.StartsWith((ReadOnlySpan<byte>)[0x28, 0xB5, 0x2F, 0xFD]) || IsSkippableFrame(start) ? CompressionKind.Zstd
            : start.StartsWith((ReadOnlySpan<byte>)[0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0]) ? CompressionKind.Xz
            : start.StartsWith("BZh"u8) ? CompressionKind.Bzip2
            : CompressionKind.None;

    /// <summary>zstd data may begin with frames that say something about it (RFC 8878, 3.1.2).</summary>
    private static bool IsSkippableFrame(ReadOnlySpan<byte> start)
        => start.Length >= 4 && (start[0] & 0xF0) == 0x50 && start[1..4].SequenceEqual((ReadOnlySpan<byte>)[0x2A, 0x4D, 0x18]);

    /// <summary>Decompresses <paramref name="input"/> to its end into <paramref name="output"/>, which stays open.</summary>
    /// <param name="observe">Sees the compressed bytes.</param>
    /// <exception cref="LayerException">The data is damaged or truncated.</exception>
    public static void Run(CompressionKind kind, BlockInput input, BlockQueue output, Action<ReadOnlySpan<byte>>? observe)
    {
        using BlockInputStream source = new(input, observe);
        try
        {
            if (kind == CompressionKind.Gzip)
            {
                using GzipDecoder decoder = new(source);
                decoder.Run(output);
            }
            else
            {
                using DecompressionStream plain = kind switch
                {
                    CompressionKind.Xz => new XzDecompressionStream(source),
                    CompressionKind.Bzip2 => new Bzip2DecompressionStream(source),
                    _ => new ZstdDecompressionStream(source),
                };
                Copy(plain, output);
            }
        }
        catch (InvalidDataException exception)
        {
            // GZipStream's own words speak of unsupported methods.
            throw new LayerException(kind == CompressionKind.Gzip ? "gzip: the data is damaged or truncated" : exception.Message, exception);
        }
        catch (DllNotFoundException exception)
        {
            throw new LayerException(exception.Message, exception);
        }
    }

    private static void Copy(Stream plain, BlockQueue output)
    {
        while (true)
        {
            var block = output.Pool.Rent();
            try
            {
                int count;
                do
                {
                    count = plain.Read(block.Free);
                    block.Length += count;
                }
                while (count > 0 && block.Length < Block.Capacity);
            }
            catch
            {
                block.Recycle();
                throw;
            }

            bool last = block.Length < Block.Capacity;
            if (block.Length > 0)
                output.Add(block);
            else
                block.Recycle();
            if (last)
                return;
        }
    }
}
