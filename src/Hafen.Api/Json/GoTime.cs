using System.Globalization;

namespace Hafen.Api;

/// <summary>Timestamps as the Engine API writes them: RFC 3339 in UTC with as many fractional digits as needed.</summary>
public static class GoTime
{
    /// <summary>Go's zero time, which Docker writes for "never".</summary>
    public const string Zero = "0001-01-01T00:00:00Z";

    public static string Format(DateTimeOffset? time)
        => time is { } value && value != default
            ? value.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture)
            : Zero;

    /// <summary>A time in RFC 3339 as Go writes it again (RFC3339Nano): its own zone, the fraction without zeros at the end.</summary>
    public static string Reformat(string text)
    {
        const int WholeSeconds = 19;
        if (text.Length <= WholeSeconds)
            return text;
        int zone = text.AsSpan(WholeSeconds).IndexOfAny("Z+-") + WholeSeconds;
        if (zone < WholeSeconds)
            return text;
        string fraction = text[WholeSeconds..zone].TrimEnd('0').TrimEnd('.');
        string suffix = text[zone..] is "+00:00" or "-00:00" ? "Z" : text[zone..];
        return text[..WholeSeconds] + fraction + suffix;
    }

    /// <summary>Nanoseconds since 1970, in steps of 100.</summary>
    public static long UnixNanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
}
