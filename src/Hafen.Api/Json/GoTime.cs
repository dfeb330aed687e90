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

    /// <summary>Nanoseconds since 1970, in steps of 100.</summary>
    public static long UnixNanoseconds(DateTimeOffset time) => (time.UtcTicks - DateTime.UnixEpoch.Ticks) * 100;
}
