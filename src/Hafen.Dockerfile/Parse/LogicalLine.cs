namespace Hafen.Dockerfile.Parse;

/// <summary>What a backslash at the end of a line joins with the next one is one line.</summary>
/// <param name="Lines">Where it stands.</param>
/// <param name="Text">The joined text, without spaces around it.</param>
internal readonly record struct LogicalLine(LineRange Lines, string Text)
{
    /// <summary>The lines of a text that are neither empty nor comments.</summary>
    public static IEnumerable<LogicalLine> In(string text)
    {
        string[] lines = text.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n');
        for (int at = 0; at < lines.Length; at++)
        {
            int first = at;
            string joined = lines[at];
            while (lines[at].EndsWith('\\') && at + 1 < lines.Length)
                joined = joined[..^1] + lines[++at];
            joined = joined.Trim();
            if (joined.Length > 0 && joined[0] != '#')
                yield return new LogicalLine(new LineRange(first + 1, at + 1), joined);
        }
    }
}
