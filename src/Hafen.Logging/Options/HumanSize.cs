using System.Globalization;

namespace Hafen.Logging.Options;

/// <summary>Sizes as people write them: <c>10m</c>, <c>1.5GB</c>.</summary>
internal static class HumanSize
{
    private const int Unit = 1000;

    /// <summary>With units of 1000.</summary>
    public static bool TryParseDecimal(string text, out long bytes)
    {
        bytes = 0;
        var span = text.AsSpan().Trim();
        int digits = 0;
        while (digits < span.Length && (char.IsAsciiDigit(span[digits]) || span[digits] == '.'))
            digits++;
        if (!double.TryParse(span[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
            return false;
        var suffix = span[digits..].Trim();
        int power = 0;
        if (suffix.Length > 0)
        {
            power = "bkmgtp".IndexOf(char.ToLowerInvariant(suffix[0]), StringComparison.Ordinal);
            var rest = suffix[1..];
            bool known = rest.IsEmpty || rest.Equals("b", StringComparison.OrdinalIgnoreCase) || rest.Equals("ib", StringComparison.OrdinalIgnoreCase);
            if (power < 0 || !known || (power == 0 && !rest.IsEmpty))
                return false;
        }
        double value = number * Math.Pow(Unit, power);
        if (value > long.MaxValue)
            return false;
        bytes = (long)value;
        return true;
    }
}
