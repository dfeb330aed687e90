using System.Globalization;

namespace Hafen.Cli.Formatting.Units;

/// <summary>Go's durations: <c>1h30m</c>, <c>1.5s</c>, <c>100ms</c>; in nanoseconds.</summary>
internal static class GoDuration
{
    public const long Second = 1_000_000_000;
    private static readonly System.Buffers.SearchValues<char> s_numberLetters = System.Buffers.SearchValues.Create("0123456789.");

    /// <exception cref="FormatException">Not a duration.</exception>
    public static long Parse(string text)
    {
        var rest = text.AsSpan();
        bool negative = rest is ['-', ..];
        if (rest is ['-' or '+', ..])
            rest = rest[1..];
        if (rest is "0")
            return 0;
        if (rest.IsEmpty)
            throw new FormatException($"time: invalid duration {GoText.Quote(text)}");
        decimal total = 0;
        while (!rest.IsEmpty)
        {
            int digits = rest.IndexOfAnyExcept(s_numberLetters);
            if (digits <= 0 || !decimal.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal number))
                throw new FormatException(digits < 0 ? $"time: missing unit in duration {GoText.Quote(text)}" : $"time: invalid duration {GoText.Quote(text)}");
            rest = rest[digits..];
            int letters = rest.IndexOfAny(s_numberLetters);
            var unit = letters < 0 ? rest : rest[..letters];
            total += number * UnitOf(unit, text);
            rest = rest[unit.Length..];
        }

        if (total > long.MaxValue)
            throw new FormatException($"time: invalid duration {GoText.Quote(text)}");
        return (long)(negative ? -total : total);
    }

    public static bool TryParse(string text, out long nanoseconds)
    {
        try
        {
            nanoseconds = Parse(text);
            return true;
        }
        catch (FormatException)
        {
            nanoseconds = 0;
            return false;
        }
    }

    private static long UnitOf(ReadOnlySpan<char> unit, string text) => unit switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1_000,
        "ms" => 1_000_000,
        "s" => Second,
        "m" => 60 * Second,
        "h" => 3600 * Second,
        _ => throw new FormatException($"time: unknown unit {GoText.Quote(unit.ToString())} in duration {GoText.Quote(text)}"),
    };
}
