using System.Globalization;

namespace Hafen.Cli.Formatting.Units;

/// <summary>Sizes for people, after github.com/docker/go-units: read in powers of 1024, shown in powers of 1000.</summary>
internal static class ByteSize
{
    private static readonly System.Buffers.SearchValues<char> s_numberLetters = System.Buffers.SearchValues.Create("0123456789. ");
    private static readonly string[] s_decimal = ["B", "kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
    private static readonly string[] s_binary = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"];

    /// <summary>Reads <c>512</c>, <c>64m</c>, <c>1.5GB</c>, <c>2GiB</c>.</summary>
    /// <exception cref="FormatException">Not a size.</exception>
    public static long Parse(string text)
    {
        int end = text.AsSpan().LastIndexOfAny(s_numberLetters);
        if (end < 0)
            throw Invalid(text);
        string number = text[end] == ' ' ? text[..end] : text[..(end + 1)];
        string suffix = text[(end + 1)..].ToLowerInvariant();
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out double value) || value < 0)
            throw Invalid(text);
        if (suffix.Length == 0)
            return (long)value;
        if (suffix.Length > 3)
            throw InvalidSuffix(suffix);
        if (suffix == "b")
            return (long)value;
        int power = "kmgtp".IndexOf(suffix[0], StringComparison.Ordinal) + 1;
        if (power == 0 || suffix[1..] is not ("" or "b" or "ib"))
            throw InvalidSuffix(suffix);
        return (long)(value * Math.Pow(1024, power));
    }

    /// <summary>For example <c>5.59MB</c>.</summary>
    public static string Human(double bytes, int digits = 4) => Render(bytes, 1000, s_decimal, digits, "");

    /// <summary>For example <c>23.55GiB</c>.</summary>
    public static string HumanBinary(double bytes) => Render(bytes, 1024, s_binary, 4, "");

    private static string Render(double bytes, double unit, string[] names, int digits, string space)
    {
        int index = 0;
        while (bytes >= unit && index < names.Length - 1)
        {
            bytes /= unit;
            index++;
        }

        return GoNumber.Significant(bytes, digits) + space + names[index];
    }

    private static FormatException Invalid(string text) => new($"invalid size: '{text}'");

    private static FormatException InvalidSuffix(string suffix) => new($"invalid suffix: '{suffix}'");
}
