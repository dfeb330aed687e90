using System.Globalization;

namespace Hafen.Cli.Formatting.Units;

/// <summary>Times as Go prints them.</summary>
internal static class GoTimeText
{
    /// <summary><c>2006-01-02 15:04:05 -0700 MST</c> in the local zone.</summary>
    public static string Local(long unixSeconds)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToLocalTime();
        return $"{time.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture)} {Offset(time, "")} {Zone(time)}";
    }

    /// <summary>RFC 3339 in the local zone.</summary>
    public static string LocalRfc3339(long unixSeconds)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(unixSeconds).ToLocalTime();
        return time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture) + (time.Offset == TimeSpan.Zero ? "Z" : Offset(time, ":"));
    }

    /// <summary>RFC 3339 in the local zone with nine digits of the second.</summary>
    public static string LocalRfc3339Nanoseconds(long unixNanoseconds)
    {
        long seconds = Math.DivRem(unixNanoseconds, GoDuration.Second, out long rest);
        var time = DateTimeOffset.FromUnixTimeSeconds(seconds).ToLocalTime();
        return time.ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture)
            + "." + rest.ToString("D9", CultureInfo.InvariantCulture) + (time.Offset == TimeSpan.Zero ? "Z" : Offset(time, ":"));
    }

    private static string Offset(DateTimeOffset time, string separator)
        => $"{(time.Offset < TimeSpan.Zero ? '-' : '+')}{Math.Abs(time.Offset.Hours):00}{separator}{Math.Abs(time.Offset.Minutes):00}";

    private static string Zone(DateTimeOffset time)
    {
        if (time.Offset == TimeSpan.Zero)
            return "UTC";
        var zone = TimeZoneInfo.Local;
        string name = zone.IsDaylightSavingTime(time) ? zone.DaylightName : zone.StandardName;
        return name.Length is > 0 and <= 5 ? name : Offset(time, "");
    }
}
