using System.Globalization;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.CommandLine;

/// <summary>How the texts of flags become values, with the refusals that docker's users know.</summary>
internal static class FlagValues
{
    public static bool Boolean(string text) => text switch
    {
        "1" or "t" or "T" or "TRUE" or "true" or "True" => true,
        "0" or "f" or "F" or "FALSE" or "false" or "False" => false,
        _ => throw new FormatException($"strconv.ParseBool: parsing {GoText.Quote(text)}: invalid syntax"),
    };

    /// <summary>A signed 64-bit integer: decimal, or with one of the prefixes <c>0x 0o 0b 0</c>.</summary>
    public static long Integer(string text)
    {
        if (TryInteger(text, out long value, out bool overflow))
            return value;
        throw new FormatException($"strconv.ParseInt: parsing {GoText.Quote(text)}: {(overflow ? "value out of range" : "invalid syntax")}");
    }

    public static ulong Unsigned(string text)
        => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value)
            ? value
            : throw new FormatException($"strconv.ParseUint: parsing {GoText.Quote(text)}: invalid syntax");

    public static ushort Unsigned16(string text)
        => ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ushort value)
            ? value
            : throw new FormatException($"strconv.ParseUint: parsing {GoText.Quote(text)}: {(ulong.TryParse(text, out _) ? "value out of range" : "invalid syntax")}");

    public static long Bytes(string text) => ByteSize.Parse(text);

    /// <summary>A size, or -1 for "no limit".</summary>
    public static long BytesOrUnlimited(string text) => text == "-1" ? -1 : ByteSize.Parse(text);

    /// <summary>A Go duration in nanoseconds.</summary>
    public static long Duration(string text) => GoDuration.Parse(text);

    /// <summary>A decimal number of CPUs in units of 10⁻⁹ (<c>--cpus 1.5</c>).</summary>
    public static long NanoCpus(string text)
    {
        if (!decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowLeadingSign | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out decimal cpus))
            throw new FormatException($"failed to parse {text} as a rational number");
        try
        {
            decimal nano = cpus * 1_000_000_000m;
            return nano == decimal.Truncate(nano) ? (long)nano : throw new FormatException("value is too precise");
        }
        catch (OverflowException)
        {
            throw new FormatException("value is too precise");
        }
    }

    public static KeyValuePair<string, string> Filter(string text)
    {
        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
            throw new FormatException("bad format of filter (expected name=value)");
        return new(text[..equals].Trim().ToLowerInvariant(), text[(equals + 1)..].Trim());
    }

    private static bool TryInteger(string text, out long value, out bool overflow)
    {
        value = 0;
        overflow = false;
        var digits = text.AsSpan();
        bool negative = digits is ['-', ..];
        if (digits is ['-' or '+', ..])
            digits = digits[1..];
        int radix = 10;
        if (digits.Length > 1 && digits[0] == '0')
        {
            (radix, int prefix) = char.ToLowerInvariant(digits[1]) switch { 'x' => (16, 2), 'b' => (2, 2), 'o' => (8, 2), _ => (8, 1) };
            digits = digits[prefix..];
        }

        if (digits.IsEmpty)
            return false;
        UInt128 magnitude = 0;
        foreach (char digit in digits)
        {
            int number = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (number >= radix)
                return false;
            magnitude = (magnitude * (uint)radix) + (uint)number;
            if (magnitude > ulong.MaxValue)
                overflow = true;
        }

        if (overflow || magnitude > (UInt128)long.MaxValue + (negative ? 1u : 0u))
        {
            overflow = true;
            return false;
        }

        value = negative ? (long)-(Int128)magnitude : (long)magnitude;
        return true;
    }
}
