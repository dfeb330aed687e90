using System.Globalization;

namespace Hafen.Cli.Formatting.Units;

/// <summary>Numbers as Go's verbs print them.</summary>
internal static class GoNumber
{
    /// <summary><c>%.{digits}g</c>: significant digits, trailing zeros dropped, exponent form from 10^digits on.</summary>
    public static string Significant(double value, int digits)
    {
        if (value == 0)
            return "0";
        string scientific = value.ToString("E" + (digits - 1).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        int at = scientific.IndexOf('E', StringComparison.Ordinal);
        int exponent = int.Parse(scientific.AsSpan(at + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= digits)
        {
            string mantissa = scientific[..at];
            if (mantissa.Contains('.', StringComparison.Ordinal))
                mantissa = mantissa.TrimEnd('0').TrimEnd('.');
            return $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
        }

        string text = value.ToString("F" + Math.Max(0, digits - 1 - exponent).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }

    /// <summary><c>%v</c> of a float64: the shortest text that reads back, exponent form outside 10^-4 … 10^21.</summary>
    public static string Shortest(double value)
    {
        if (double.IsNaN(value))
            return "NaN";
        if (double.IsInfinity(value))
            return value > 0 ? "+Inf" : "-Inf";
        if (value == 0)
            return "0";
        string text = value.ToString("E16", CultureInfo.InvariantCulture);
        int exponent = int.Parse(text.AsSpan(text.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        string round = value.ToString("R", CultureInfo.InvariantCulture);
        if (exponent is >= -4 and < 21)
            return round.Contains('E', StringComparison.Ordinal) ? ((decimal)value).ToString(CultureInfo.InvariantCulture) : round;
        string digits = round.Replace(".", "", StringComparison.Ordinal).Split('E')[0].TrimStart('-', '0').TrimEnd('0');
        string mantissa = digits.Length > 1 ? $"{digits[0]}.{digits[1..]}" : digits;
        return $"{(value < 0 ? "-" : "")}{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):00}";
    }
}
