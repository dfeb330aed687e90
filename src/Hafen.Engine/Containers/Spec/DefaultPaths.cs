using System.Collections.Immutable;

namespace Hafen.Engine.Containers.Spec;

/// <summary>Files of the kernel that tell or change too much, hidden from or read-only for containers that are not privileged: a list of its own for each container.</summary>
internal static class DefaultPaths
{
    /// <summary>Docker's list, and what follows from this machine's processors: they do not change while the daemon runs.</summary>
    private static readonly ImmutableArray<string> s_masked =
    [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap", .. ThermalThrottles("/sys/devices/system/cpu"),
    ];

    public static string[] Masked => [.. s_masked];

    public static string[] ReadOnly => ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];

    /// <summary>Counters that tell of others' load as /proc/interrupts does (GHSA-6fw5-f8r9-fgfm), one folder for each processor that has them.</summary>
    public static string[] ThermalThrottles(string processors)
    {
        if (!Directory.Exists(processors))
            return [];
        return
        [
            .. Directory.EnumerateDirectories(processors, "cpu*").Where(folder => Path.GetFileName(folder).AsSpan(3) is { Length: > 0 } number && !number.ContainsAnyExceptInRange('0', '9'))
                .Select(folder => folder + "/thermal_throttle").Where(Directory.Exists).Order(StringComparer.Ordinal),
        ];
    }
}
