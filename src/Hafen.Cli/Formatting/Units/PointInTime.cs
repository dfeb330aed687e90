using System.Globalization;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Formatting.Units;

/// <summary>A time on the command line, as <c>--since</c> takes it, turned into Unix seconds.</summary>
internal static class PointInTime
{
    private static readonly string[] s_localFormats =
        ["yyyy-MM-dd", "yyyy-MM-dd'T'HH", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ss"];

    private static readonly string[] s_zonedFormats =
        ["yyyy-MM-ddK", "yyyy-MM-dd'T'HHK", "yyyy-MM-dd'T'HH:mmK", "yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];

    /// <summary>Seconds since 1970 with nanoseconds after a point; null for empty text.</summary>
    /// <param name="text">Unix time, RFC 3339 in whole or part, or a duration ago.</param>
    /// <param name="name">Name of the flag, for the message.</param>
    /// <exception cref="CommandException">Not a time.</exception>
    public static string? Parse(string text, string name)
    {
        if (text.Length == 0)
            return null;
        if (text != "0" && GoDuration.TryParse(text, out long ago))
            return Unix(DateTimeOffset.UtcNow.AddTicks(-ago / 100), 0);
        if (IsUnix(text))
            return text;
        var (cut, nanoseconds) = CutBeyondTicks(text);
        return TryDate(cut, out var time)
            ? Unix(time, nanoseconds)
            : throw new CommandException($"invalid value for \"{name}\": failed to parse value as time or duration: \"{text}\"");
    }

    private static bool TryDate(string text, out DateTimeOffset time)
        => DateTimeOffset.TryParseExact(text, s_zonedFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out time)
            || DateTimeOffset.TryParseExact(text, s_localFormats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out time);

    private static bool IsUnix(string text)
        => text.All(letter => char.IsAsciiDigit(letter) || letter == '.') && char.IsAsciiDigit(text[0]) && text.Count(letter => letter == '.') <= 1;

    /// <summary>Separates the digits of the second beyond a tick (100 ns), which .NET cannot parse.</summary>
    private static (string Text, int Nanoseconds) CutBeyondTicks(string text)
    {
        int point = text.IndexOf('.', StringComparison.Ordinal);
        if (point < 0)
            return (text, 0);
        int end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
            end++;
        string digits = text[(point + 1)..end];
        if (digits.Length <= 7)
            return (text, 0);
        return (text[..(point + 8)] + text[end..], int.Parse(digits.PadRight(9, '0').AsSpan(7, 2), CultureInfo.InvariantCulture));
    }

    private static string Unix(DateTimeOffset time, int nanoseconds)
    {
        long ticks = time.UtcTicks - DateTime.UnixEpoch.Ticks;
        long seconds = Math.DivRem(ticks, TimeSpan.TicksPerSecond, out long rest);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}.{(rest * 100) + nanoseconds:D9}");
    }
}
