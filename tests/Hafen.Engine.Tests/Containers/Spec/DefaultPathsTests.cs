using Hafen.Engine.Containers.Spec;

namespace Hafen.Engine.Tests.Containers.Spec;

public sealed class DefaultPathsTests
{
    /// <summary>Docker 29's list.</summary>
    [Fact]
    public void What_Docker_hides_is_hidden()
    {
        string[] docker =
        [
            "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi", "/proc/timer_list",
            "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
        ];
        Assert.Empty(docker.Except(DefaultPaths.Masked));
        Assert.Equal(["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"], DefaultPaths.ReadOnly);
    }

    [Fact]
    public void So_are_the_throttle_counters_of_each_processor_that_has_them()
    {
        var folder = Directory.CreateTempSubdirectory("hafen-cpu-");
        try
        {
            foreach (string path in (string[])["cpu0/thermal_throttle", "cpu11/thermal_throttle", "cpu2", "cpufreq/thermal_throttle"])
                Directory.CreateDirectory(Path.Combine(folder.FullName, path));
            Assert.Equal([folder.FullName + "/cpu0/thermal_throttle", folder.FullName + "/cpu11/thermal_throttle"], DefaultPaths.ThermalThrottles(folder.FullName));
            Assert.Empty(DefaultPaths.ThermalThrottles(folder.FullName + "/none"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
