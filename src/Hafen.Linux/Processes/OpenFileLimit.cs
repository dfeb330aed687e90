namespace Hafen.Linux.Processes;

/// <summary>How many files a process may have open (RLIMIT_NOFILE).</summary>
public static unsafe class OpenFileLimit
{
    private const int RLIMIT_NOFILE = 7;

    /// <summary>This process's soft limit.</summary>
    public static ulong Soft => Get(0) is { } limits ? limits.Soft : ulong.MaxValue;

    /// <summary>Makes this process's soft limit its hard one.</summary>
    /// <returns>The soft limit it had; null when it stays.</returns>
    public static ulong? Raise() => Get(0) is { } limits && limits.Soft < limits.Hard && Set(0, limits.Hard, limits.Hard) ? limits.Soft : null;

    /// <summary>Sets another process's soft limit; false when it is gone, or the limit above its hard one.</summary>
    public static bool SetSoft(int pid, ulong soft) => Get(pid) is { } limits && Set(pid, soft, limits.Hard);

    private static (ulong Soft, ulong Hard)? Get(int pid)
    {
        ulong* limits = stackalloc ulong[2];
        return SystemCall.Call(SystemCall.prlimit64, pid, RLIMIT_NOFILE, 0, (nint)limits) < 0 ? null : (limits[0], limits[1]);
    }

    private static bool Set(int pid, ulong soft, ulong hard)
    {
        ulong* limits = stackalloc ulong[2];
        limits[0] = soft;
        limits[1] = hard;
        return SystemCall.Call(SystemCall.prlimit64, pid, RLIMIT_NOFILE, (nint)limits) >= 0;
    }
}
