namespace Hafen.Engine.Containers.Spec;

/// <summary>Files of the kernel that tell or change too much, hidden from or read-only for containers that are not privileged.</summary>
internal static class DefaultPaths
{
    public static string[] Masked { get; } =
    [
        "/proc/asound", "/proc/acpi", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
        "/proc/sched_debug", "/proc/scsi", "/sys/firmware", "/sys/devices/virtual/powercap",
    ];

    public static string[] ReadOnly { get; } = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"];
}
