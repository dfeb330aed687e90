using System.Runtime.InteropServices;

namespace Hafen.Linux.Events;

/// <summary>The time of day with the kernel's resolution (clock_gettime(CLOCK_REALTIME)); the framework's own has 100 ns.</summary>
public static unsafe partial class WallClock
{
    /// <summary>Nanoseconds since 1970-01-01 UTC.</summary>
    public static long Now
    {
        get
        {
            long* time = stackalloc long[2];
            clock_gettime(0, time);
            return time[0] * 1_000_000_000 + time[1];
        }
    }

    [LibraryImport("libc")]
    private static partial int clock_gettime(int clock, long* time);
}
