using System.Buffers;
using System.Globalization;

namespace Hafen.Oci;

/// <summary>Durations as Go writes them: <c>1h30m</c>, <c>1.5s</c>, <c>300ms</c>, <c>-2m</c>, <c>0</c>.</summary>
public static class GoDuration
{
    private static readonly SearchValues<char> s_number = SearchValues.Create("0123456789.");

    /// <summary>Writes as Go does: <c>1m30s</c>, <c>1.5s</c>, <c>300ms</c>.</summary>
    public static string Format(TimeSpan duration)
    {
        if (duration == TimeSpan.Zero)
            return "0s";
        if (duration < TimeSpan.Zero)
            return "-" + Format(-duration);
        if (duration < TimeSpan.FromMilliseconds(1))
            return Number(duration.TotalMicroseconds) + "µs";
        if (duration < TimeSpan.FromSeconds(1))
            return Number(duration.TotalMilliseconds) + "ms";
        string seconds = Number((decimal)(duration.Ticks % TimeSpan.TicksPerMinute) / TimeSpan.TicksPerSecond) + "s";
        if (duration < TimeSpan.FromMinutes(1))
            return seconds;
        return duration < TimeSpan.FromHours(1) ? $"{duration.Minutes}m{seconds}" : $"{(long)duration.TotalHours}h{duration.Minutes}m{seconds}";

        static string Number(IFormattable value) => value.ToString("0.#######", CultureInfo.InvariantCulture);
    }

    /// <summary>Parses to nanoseconds.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out long nanoseconds)
    {
        nanoseconds = 0;
        bool negative = text.StartsWith("-");
        if (negative || text.StartsWith("+"))
            text = text[1..];
        if (text.SequenceEqual("0"))
            return true;
        if (text.IsEmpty)
            return false;
        decimal total = 0;
        while (!text.IsEmpty)
        {
            int number = text.IndexOfAnyExcept(s_number);
            if (number <= 0 || !decimal.TryParse(text[..number], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal value))
                return false;
            text = text[number..];
            int unit = text.IndexOfAny(s_number);
            if (unit < 0)
                unit = text.Length;
            decimal factor = text[..unit] switch
            {
                "ns" => 1,
                "us" or "µs" or "μs" => 1_000,
                "ms" => 1_000_000,
                "s" => 1_000_000_000,
                "m" => 60_000_000_000,
                "h" => 3_600_000_000_000,
                _ => 0,
            };
            if (factor == 0)
                return false;
            total += value * factor;
            if (total > long.MaxValue)
                return false;
            text = text[unit..];
        }
        nanoseconds = negative ? -(long)total : (long)total;
        return true;
    }
}
