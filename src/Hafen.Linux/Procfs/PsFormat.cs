using System.Globalization;

namespace Hafen.Linux.Procfs;

/// <summary>How procps writes times, percentages, terminals and names.</summary>
internal static class PsFormat
{
    private const int DayInSeconds = 24 * 60 * 60;

    /// <summary><c>[DD-]HH:MM:SS</c>.</summary>
    public static string Time(long seconds)
    {
        (long days, long rest) = Math.DivRem(seconds, DayInSeconds);
        string clock = $"{rest / 3600:00}:{rest / 60 % 60:00}:{rest % 60:00}";
        return days > 0 ? $"{days}-{clock}" : clock;
    }

    /// <summary><c>M:SS</c>, minutes without limit.</summary>
    public static string ShortTime(long seconds) => $"{seconds / 60}:{seconds % 60:00}";

    /// <summary><c>[[DD-]HH:]MM:SS</c>.</summary>
    public static string Elapsed(long seconds) => seconds < 3600 ? $"{seconds / 60:00}:{seconds % 60:00}" : Time(seconds);

    /// <summary>The time of a start today, the day of one this year, otherwise the year.</summary>
    public static string Start(DateTime start, DateTime now) =>
        start.Year != now.Year ? Text(start, "yyyy") : start.Date != now.Date ? Text(start, "MMMdd") : Text(start, "HH:mm");

    /// <summary>The time of a start in the last 24 hours, otherwise month and day.</summary>
    public static string RecentStart(DateTime start, DateTime now, string timeFormat) =>
        (now - start).TotalSeconds > DayInSeconds ? $"{Text(start, "MMM")} {start.Day,2}" : Text(start, timeFormat);

    /// <summary>As <c>ctime(3)</c>: <c>Sat Nov 21 01:34:18 2026</c>.</summary>
    public static string LongStart(DateTime start) => $"{Text(start, "ddd MMM")} {start.Day,2} {Text(start, "HH:mm:ss yyyy")}";

    /// <summary>Tenths of a percent.</summary>
    public static string Percent(long perMille) => perMille > 999 ? $"{perMille / 10}" : $"{perMille / 10}.{perMille % 10}";

    /// <summary>A terminal's name from its device number (Documentation/admin-guide/devices.txt), <c>?</c> for none.</summary>
    public static string Terminal(int device)
    {
        // The kernel's compact form: minor in bits 0-7 and 20-31, major in bits 8-19.
        int major = device >> 8 & 0xFFF, minor = device & 0xFF | (int)((uint)device >> 20) << 8;
        return (major, minor) switch
        {
            (0, 0) => "?",
            (int pts, _) when pts is >= 136 and <= 143 => $"pts/{(major - 136) * 256 + minor}",
            (4, < 64) => $"tty{minor}",
            (4, _) => $"ttyS{minor - 64}",
            (5, 1) => "console",
            (204, >= 64) => $"ttyAMA{minor - 64}",
            (229, _) => $"hvc{minor}",
            _ => "?",
        };
    }

    /// <summary>State and its attributes: priority, locked memory, session leader, threads, foreground.</summary>
    public static string State(PsProcess process)
    {
        ref readonly var stat = ref process.Stat;
        string nice = stat.Nice < 0 ? "<" : stat.Nice > 0 ? "N" : "";
        string locked = process.Status.VmLockedKiB > 0 ? "L" : "";
        string leader = stat.Session == stat.Pid ? "s" : "";
        string threads = stat.Threads > 1 ? "l" : "";
        string foreground = stat.Tpgid == stat.Pgrp ? "+" : "";
        return $"{stat.State}{nice}{locked}{leader}{threads}{foreground}";
    }

    /// <summary>A name cut to a column's width, with a plus at the end when it was longer.</summary>
    public static string Name(string name, int width) => name.Length <= width ? name : name[..(width - 1)] + "+";

    private static string Text(DateTime time, string format) => time.ToString(format, CultureInfo.InvariantCulture);
}
