namespace Hafen.Engine.Containers.List;

/// <summary>Durations for people, as <c>docker ps</c> shows them.</summary>
internal static class HumanDuration
{
    public static string Of(TimeSpan duration)
    {
        int seconds = (int)duration.TotalSeconds;
        if (seconds < 1)
            return "Less than a second";
        if (seconds == 1)
            return "1 second";
        if (seconds < 60)
            return $"{seconds} seconds";
        int minutes = (int)duration.TotalMinutes;
        if (minutes == 1)
            return "About a minute";
        if (minutes < 60)
            return $"{minutes} minutes";
        int hours = (int)(duration.TotalHours + 0.5);
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
        return $"{(int)(duration.TotalHours / 24 / 365)} years";
    }
}
