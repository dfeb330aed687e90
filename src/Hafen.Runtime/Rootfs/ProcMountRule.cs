namespace Hafen.Runtime.Rootfs;

/// <summary>
/// What may be mounted on or below /proc. The rest of the runtime and programs inside trust it, so no image and no volume may stand in for it
/// (CVE-2019-16884); single files that report the container's limits may be covered.
/// </summary>
internal static class ProcMountRule
{
    private static readonly string[] s_covered =
    [
        "/proc/cpuinfo", "/proc/diskstats", "/proc/meminfo", "/proc/stat", "/proc/swaps", "/proc/uptime", "/proc/loadavg", "/proc/slabinfo",
        "/proc/net/dev", "/proc/sys/kernel/ns_last_pid", "/proc/sys/crypto/fips_enabled",
    ];

    /// <summary>Why a mount is refused, or null. <paramref name="destination"/> is clean.</summary>
    public static string? Refusal(string destination, string type, bool bind)
    {
        if (destination == "/proc")
            return bind || type == "proc" ? null : $"\"{destination}\" can only be covered by a procfs, not by {type}";
        if (!destination.StartsWith("/proc/", StringComparison.Ordinal) || Array.IndexOf(s_covered, destination) >= 0)
            return null;
        return $"\"{destination}\" cannot be mounted because it is inside /proc";
    }

    /// <summary>Whether a mount point may lie in a procfs: elsewhere a link of the image could lead there.</summary>
    public static bool MayLieInProcfs(string destination) => destination.StartsWith("/proc/", StringComparison.Ordinal) || destination == "/proc";
}
