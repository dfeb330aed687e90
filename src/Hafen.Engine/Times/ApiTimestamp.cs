using System.Globalization;
using Hafen.Oci;

namespace Hafen.Engine.Times;

/// <summary>
/// Points in time as clients give them: seconds since 1970 with an optional fraction, RFC 3339 in full or in part, or a duration before now.
/// </summary>
public static class ApiTimestamp
{
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const long LastSecond = long.MaxValue / NanosecondsPerSecond - 1;

    private static readonly string[] s_formats =
    [
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HHK", "yyyy-MM-ddK",
    ];

    /// <exception cref="EngineException">None of these.</exception>
    public static DateTimeOffset Parse(string text, DateTimeOffset now)
    {
        if (TryParseUnix(text, out long nanoseconds))
            return DateTimeOffset.UnixEpoch.AddTicks(nanoseconds / 100);
        if (GoDuration.TryParse(text, out long before))
            return now.AddTicks(-before / 100);
        if (DateTimeOffset.TryParseExact(text, s_formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out var time))
            return time;
        throw EngineException.InvalidParameter($"failed to parse value as time or duration: \"{text}\"");
    }

    /// <summary>The wire form of <c>since</c> and <c>until</c>: <c>seconds[.nanoseconds]</c>; null when absent or empty.</summary>
    /// <exception cref="EngineException">Malformed.</exception>
    public static long? ParseUnix(string parameter, string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        if (TryParseUnix(text, out long nanoseconds))
            return nanoseconds;
        throw EngineException.InvalidParameter($"invalid value for \"{parameter}\": strconv.ParseInt: parsing \"{text}\": invalid syntax");
    }

    private static bool TryParseUnix(string text, out long nanoseconds)
    {
        nanoseconds = 0;
        string[] parts = text.Split('.', 2);
        if (!long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long seconds))
            return false;
        long fraction = 0;
        if (parts.Length > 1)
        {
            string digits = parts[1].Length > 9 ? parts[1][..9] : parts[1].PadRight(9, '0');
            if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out fraction))
                return false;
        }
        // Times beyond the year 2262 are as far away as that year.
        if (seconds is > LastSecond or < -LastSecond)
            (seconds, fraction) = (seconds > 0 ? LastSecond : -LastSecond, 0);
        nanoseconds = seconds * NanosecondsPerSecond + (seconds < 0 ? -fraction : fraction);
        return true;
    }
}
