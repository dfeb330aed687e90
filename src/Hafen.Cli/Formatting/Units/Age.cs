namespace Hafen.Cli.Formatting.Units;

/// <summary>A length of time for people, after github.com/docker/go-units: <c>About an hour</c>, <c>3 weeks</c>.</summary>
internal static class Age
{
    public static string Human(TimeSpan span)
    {
        long seconds = (long)span.TotalSeconds;
        if (seconds < 1)
            return "Less than a second";
        if (seconds == 1)
            return "1 second";
        if (seconds < 60)
            return $"{seconds} seconds";
        long minutes = (long)span.TotalMinutes;
        if (minutes == 1)
            return "About a minute";
        if (minutes < 60)
            return $"{minutes} minutes";
        long hours = (long)(span.TotalHours + 0.5);
        if (hours == 1)
            return "About an hour";
        if (hours < 48)
            return $"{hours} hours";
        if (hours < 24 * 7 * 2)
            return $"{hours / 24} days";
        if (hours < 24 * 30 * 2)
            return $"{hours / 24 / 7} weeks";
        if (hours < 24 * 365 * 2)
            return $"{hours / 24 / 30} months";
        return $"{(long)span.TotalHours / 24 / 365} years";
    }

    /// <summary>How long ago, counted from a Unix time in seconds.</summary>
    public static string Since(long unixSeconds) => Human(DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(unixSeconds)) + " ago";
}
