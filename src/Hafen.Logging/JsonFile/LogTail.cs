using System.Buffers;
using Hafen.Logging.Files;

namespace Hafen.Logging.JsonFile;

/// <summary>Where the last N lines of a log begin.</summary>
/// <param name="File">Index of the file that holds the first of them.</param>
/// <param name="Offset">Offset of that line in a plain file.</param>
/// <param name="Skip">Lines before it in a compressed one.</param>
internal readonly record struct TailStart(int File, long Offset, long Skip);

/// <summary>Finds where the last N lines begin without reading more than it must.</summary>
internal static class LogTail
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Searches the files of a log, the oldest first, from their end.</summary>
    public static TailStart Locate(IReadOnlyList<LogFile> files, long wanted)
    {
        if (wanted <= 0 && files.Count > 0)
            return new TailStart(files.Count - 1, files[^1].Compressed ? 0 : files[^1].Length, files[^1].Compressed ? long.MaxValue : 0);
        long missing = wanted;
        for (int i = files.Count - 1; i >= 0; i--)
        {
            if (!files[i].Compressed)
            {
                long offset = FindStart(files[i], files[i].Length, missing, out missing);
                if (missing == 0)
                    return new TailStart(i, offset, 0);
                continue;
            }
            long count = Count(files[i]);
            if (count >= missing)
                return new TailStart(i, 0, count - missing);
            missing -= count;
        }
        return default;
    }

    /// <summary>Searches a file backwards from <paramref name="end"/>.</summary>
    /// <param name="file">A plain file.</param>
    /// <param name="end">Where to begin.</param>
    /// <param name="wanted">Lines looked for, at least 1.</param>
    /// <param name="missing">Lines that are not there; 0 when all were found.</param>
    /// <returns>Offset of the first of them; 0 when there are fewer.</returns>
    public static long FindStart(LogFile file, long end, long wanted, out long missing)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        try
        {
            return FindStart(file, end, wanted, block, out missing);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static long FindStart(LogFile file, long end, long wanted, byte[] block, out long missing)
    {
        long position = end;
        long found = 0;
        // The byte behind the last line's end begins no line of its own.
        bool last = true;
        while (position > 0)
        {
            int size = (int)Math.Min(BlockSize, position);
            position -= size;
            int read = file.Read(block.AsSpan(0, size), position);
            var rest = block.AsSpan(0, read);
            while (true)
            {
                int at = rest.LastIndexOf((byte)'\n');
                if (at < 0)
                    break;
                if (!last || position + at != end - 1)
                {
                    found++;
                    if (found == wanted)
                    {
                        missing = 0;
                        return position + at + 1;
                    }
                }
                last = false;
                rest = rest[..at];
            }
        }
        if (end > 0)
            found++;
        missing = Math.Max(0, wanted - found);
        return 0;
    }

    /// <summary>Counts the lines of a file that can only be read forwards; those of a broken one up to where it breaks.</summary>
    private static long Count(LogFile file)
    {
        byte[] block = ArrayPool<byte>.Shared.Rent(BlockSize);
        long count = 0;
        byte lastByte = (byte)'\n';
        using var content = file.Content();
        try
        {
            int read;
            while ((read = content.Read(block)) > 0)
            {
                count += block.AsSpan(0, read).Count((byte)'\n');
                lastByte = block[read - 1];
            }
        }
        catch (InvalidDataException)
        {
            // What could be unpacked counts.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
        return lastByte == '\n' ? count : count + 1;
    }
}
