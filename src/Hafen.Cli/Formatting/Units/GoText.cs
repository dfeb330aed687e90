using System.Globalization;
using System.Text;

namespace Hafen.Cli.Formatting.Units;

/// <summary>Texts in Go's spelling, which docker's output and messages use.</summary>
internal static class GoText
{
    /// <summary>A double-quoted Go string literal.</summary>
    public static string Quote(string text)
    {
        var result = new StringBuilder(text.Length + 2).Append('"');
        foreach (var rune in text.EnumerateRunes())
        {
            switch (rune.Value)
            {
                case '"': result.Append("\\\""); break;
                case '\\': result.Append("\\\\"); break;
                case '\a': result.Append("\\a"); break;
                case '\b': result.Append("\\b"); break;
                case '\f': result.Append("\\f"); break;
                case '\n': result.Append("\\n"); break;
                case '\r': result.Append("\\r"); break;
                case '\t': result.Append("\\t"); break;
                case '\v': result.Append("\\v"); break;
                case < 0x20 or 0x7f: result.Append("\\x").Append(rune.Value.ToString("x2", CultureInfo.InvariantCulture)); break;
                default:
                    if (IsPrintable(rune))
                        result.Append(rune.ToString());
                    else if (rune.Value < 0x10000)
                        result.Append("\\u").Append(rune.Value.ToString("x4", CultureInfo.InvariantCulture));
                    else
                        result.Append("\\U").Append(rune.Value.ToString("x8", CultureInfo.InvariantCulture));
                    break;
            }
        }

        return result.Append('"').ToString();
    }

    /// <summary>The text, cut to so many columns with an ellipsis in the last one; wide characters count two.</summary>
    public static string Ellipsis(string text, int columns)
    {
        if (columns <= 0)
            return "";
        if (columns == 1)
            return DisplayWidth(text) <= 1 ? text : FirstRune(text);
        if (DisplayWidth(text) <= columns)
            return text;
        var result = new StringBuilder();
        int width = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            width += Width(rune);
            if (width > columns - 1)
                break;
            result.Append(rune.ToString());
        }

        return result.Append('…').ToString();
    }

    /// <summary>The 12 hex digits people know an object by.</summary>
    public static string ShortId(string id)
    {
        int colon = id.IndexOf(':', StringComparison.Ordinal);
        string digits = colon < 0 ? id : id[(colon + 1)..];
        return digits.Length > 12 ? digits[..12] : digits;
    }

    private static string FirstRune(string text) => text.Length == 0 ? "" : text.EnumerateRunes().First().ToString();

    private static int DisplayWidth(string text)
    {
        int width = 0;
        foreach (var rune in text.EnumerateRunes())
            width += Width(rune);
        return width;
    }

    /// <summary>East Asian wide and full-width blocks (Unicode TR 11).</summary>
    private static int Width(Rune rune) => rune.Value is >= 0x1100 and <= 0x115f or >= 0x2e80 and <= 0xa4cf or >= 0xac00 and <= 0xd7a3
        or >= 0xf900 and <= 0xfaff or >= 0xfe30 and <= 0xfe4f or >= 0xff00 and <= 0xff60 or >= 0xffe0 and <= 0xffe6
        or >= 0x1f300 and <= 0x1f64f or >= 0x1f900 and <= 0x1f9ff or >= 0x20000 and <= 0x3fffd ? 2 : 1;

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator
        or UnicodeCategory.ParagraphSeparator) && (rune.Value == ' ' || Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator);
}
