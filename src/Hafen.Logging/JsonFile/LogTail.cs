namespace Hafen.Logging.JsonFile;

/// <summary>Finds where the last N lines begin without reading the rest.</summary>
internal static class LogTail
{
    private const int BlockSize = 64 * 1024;

    /// <summary>Searches a file backwards from <paramref name="end"/>.</summary>
    /// <param name="wanted">Lines looked for, at least 1; the remainder is returned in <paramref name="missing"/>, 0 when all were found.</param>
    /// <returns>Offset of the first of them; 0 when there are fewer.</returns>
    public static long FindStart(LogFile file, long end, long wanted, out long missing)
    {
        byte[] block = new byte[BlockSize];
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
                if (at < 0) break;
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
        if (end > 0) found++;
        missing = Math.Max(0, wanted - found);
        return 0;
    }

    /// <summary>Counts the lines of a stream that can only be read forwards.</summary>
    public static long Count(Stream stream)
    {
        byte[] block = new byte[BlockSize];
        long count = 0;
        byte lastByte = (byte)'\n';
        int read;
        while ((read = stream.Read(block)) > 0)
        {
            count += block.AsSpan(0, read).Count((byte)'\n');
            lastByte = block[read - 1];
        }
        return lastByte == '\n' ? count : count + 1;
    }
}
