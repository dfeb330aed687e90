using System.Globalization;

namespace Hafen.Engine.Containers;

/// <summary>Sizes as people write them: <c>10m</c>, <c>1.5GB</c>.</summary>
internal static class HumanSize
{
    /// <summary>With units of 1000.</summary>
    public static bool TryParseDecimal(string text, out long bytes) => TryParse(text, 1000, out bytes);

    /// <summary>With units of 1024.</summary>
    public static bool TryParseBinary(string text, out long bytes) => TryParse(text, 1024, out bytes);

    private static bool TryParse(string text, int unit, out long bytes)
    {
        bytes = 0;
        var span = text.AsSpan().Trim();
        int digits = 0;
        while (digits < span.Length && (char.IsAsciiDigit(span[digits]) || span[digits] == '.')) digits++;
        if (!double.TryParse(span[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number)) return false;
        var suffix = span[digits..].Trim();
        int power = 0;
        if (suffix.Length > 0)
        {
            power = "bkmgtp".IndexOf(char.ToLowerInvariant(suffix[0]), StringComparison.Ordinal);
            var rest = suffix[1..];
            bool known = rest.IsEmpty || rest.Equals("b", StringComparison.OrdinalIgnoreCase) || rest.Equals("ib", StringComparison.OrdinalIgnoreCase);
            if (power < 0 || !known || (power == 0 && !rest.IsEmpty)) return false;
        }
        double value = number * Math.Pow(unit, power);
        if (value > long.MaxValue) return false;
        bytes = (long)value;
        return true;
    }
}
