namespace Hafen.Cli.Commands;

/// <summary>Takes a stream of JSON objects apart that follow each other with or without white space, as they arrive.</summary>
internal static class JsonObjects
{
    private const int InitialSize = 16 * 1024;

    /// <summary>The objects one by one; each is valid until the next is asked for.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Read(Stream source)
    {
        byte[] buffer = new byte[InitialSize];
        int start = 0, end = 0, scanned = 0, depth = 0;
        bool inText = false, escaped = false;
        while (true)
        {
            for (; scanned < end; scanned++)
            {
                byte letter = buffer[scanned];
                if (inText)
                {
                    if (escaped)
                        escaped = false;
                    else if (letter == '\\')
                        escaped = true;
                    else if (letter == '"')
                        inText = false;
                    continue;
                }

                if (letter == '"')
                {
                    inText = true;
                }
                else if (letter == '{')
                {
                    if (depth++ == 0)
                        start = scanned;
                }
                else if (letter == '}' && --depth == 0)
                {
                    yield return buffer.AsMemory(start, scanned + 1 - start);
                    start = scanned + 1;
                }
            }

            if (depth == 0)
                start = scanned = end = 0;
            if (start > 0)
            {
                buffer.AsSpan(start, end - start).CopyTo(buffer);
                end -= start;
                scanned -= start;
                start = 0;
            }

            if (end == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
            int count = source.Read(buffer, end, buffer.Length - end);
            if (count == 0)
                yield break;
            end += count;
        }
    }
}
