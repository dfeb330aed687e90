using System.Text;

namespace Hafen.Cli.CommandLine;

/// <summary>The two columns of options in a help text, wrapped to the terminal as pflag wraps them.</summary>
internal static class OptionList
{
    /// <summary>Narrower than this the text starts on a line of its own.</summary>
    private const int MinimumTextWidth = 24;

    private const int OwnLineIndent = 16;

    /// <summary>Columns the last line may reach into, to spare it an orphaned short word.</summary>
    private const int Slop = 5;

    public static string Render(IReadOnlyList<Flag> flags, int width)
    {
        var shown = flags.Where(flag => !flag.Hidden).OrderBy(flag => flag.Name, StringComparer.Ordinal).ToList();
        var heads = shown.ConvertAll(Head);
        int column = heads.Count == 0 ? 0 : heads.Max(head => head.Length) + 3;
        var text = new StringBuilder();
        for (int index = 0; index < shown.Count; index++)
        {
            string usage = shown[index].Usage;
            if (shown[index].DefaultText is { } preset)
                usage += $" (default {preset})";
            text.Append(heads[index].PadRight(column)).Append(Wrap(usage, column, width)).Append('\n');
        }

        return text.ToString();
    }

    private static string Head(Flag flag)
    {
        string text = flag.Shorthand == '\0' ? $"      --{flag.Name}" : $"  -{flag.Shorthand}, --{flag.Name}";
        return flag.TypeName.Length == 0 ? text : $"{text} {flag.TypeName}";
    }

    private static string Wrap(string usage, int indent, int width)
    {
        var result = new StringBuilder();
        int room = width - indent;
        if (room < MinimumTextWidth)
        {
            indent = OwnLineIndent;
            room = width - indent;
            result.Append('\n').Append(' ', indent);
        }

        if (room < MinimumTextWidth)
            return result.Append(usage.Replace("\n", "\n" + new string(' ', indent), StringComparison.Ordinal)).ToString();
        room -= Slop;
        string rest = usage;
        bool first = true;
        while (first || rest.Length > 0)
        {
            if (!first)
                result.Append('\n').Append(' ', indent);
            first = false;
            (string? line, rest) = Break(rest, room);
            result.Append(line.Replace("\n", "\n" + new string(' ', indent), StringComparison.Ordinal));
        }

        return result.ToString();
    }

    private static (string Line, string Remainder) Break(string text, int room)
    {
        if (room + Slop > text.Length)
            return (text, "");
        int space = text.AsSpan(0, room).LastIndexOfAny(" \t\n");
        if (space <= 0)
            return (text, "");
        int newline = text.AsSpan(0, room).LastIndexOf('\n');
        int at = newline > 0 && newline < space ? newline : space;
        return (text[..at], text[(at + 1)..]);
    }
}
