using Hafen.Linux.Cgroups;

namespace Hafen.Engine;

/// <summary>Which limits this host's kernel knows. Kernels are built without some of them, and the two versions of cgroups do not have the same ones.</summary>
public sealed record LimitSupport
{
    public required bool Memory { get; init; }
    public required bool Swap { get; init; }
    public required bool MemoryReservation { get; init; }
    public required bool OomKillDisable { get; init; }
    public required bool Swappiness { get; init; }
    public required bool CpuShares { get; init; }
    public required bool CpuQuota { get; init; }
    public required bool CpuRealtime { get; init; }
    public required bool Cpuset { get; init; }
    public required bool Pids { get; init; }
    public required bool BlockWeight { get; init; }
    public required bool BlockWeightDevice { get; init; }
    public required bool BlockReadBps { get; init; }
    public required bool BlockWriteBps { get; init; }
    public required bool BlockReadIops { get; init; }
    public required bool BlockWriteIops { get; init; }

    /// <summary>Processors and memory nodes that there are, as cpuset(7) lists them; empty when the kernel does not say.</summary>
    public required string Cpus { get; init; }
    public required string Mems { get; init; }

    public static LimitSupport Read(CgroupHierarchies hierarchies) => hierarchies.Mode == CgroupMode.Unified ? ReadUnified(hierarchies) : ReadLegacy(hierarchies);

    private static LimitSupport ReadUnified(CgroupHierarchies hierarchies)
    {
        bool memory = Has("memory"), cpu = Has("cpu"), io = Has("io"), cpuset = Has("cpuset");
        return new LimitSupport
        {
            Memory = memory,
            Swap = memory && HasSwap(),
            MemoryReservation = memory,
            OomKillDisable = false,
            Swappiness = false,
            CpuShares = cpu,
            CpuQuota = cpu,
            CpuRealtime = false,
            Cpuset = cpuset,
            Pids = Has("pids"),
            BlockWeight = io,
            BlockWeightDevice = io,
            BlockReadBps = io,
            BlockWriteBps = io,
            BlockReadIops = io,
            BlockWriteIops = io,
            Cpus = cpuset ? Text(hierarchies, "cpuset", "cpuset.cpus.effective") : "",
            Mems = cpuset ? Text(hierarchies, "cpuset", "cpuset.mems.effective") : "",
        };

        bool Has(string controller) => hierarchies.Find(controller) is not null;

        // The root has no limits. Where no process of ours is below it, the kernel is taken at its word.
        bool HasSwap()
        {
            string own = OwnCgroup();
            return own is "" or "/" || File.Exists(hierarchies.Unified!.MountPoint + own + "/memory.swap.max");
        }
    }

    private static LimitSupport ReadLegacy(CgroupHierarchies hierarchies)
    {
        bool Has(string controller, string? file = null)
            => hierarchies.Find(controller) is { } hierarchy && (file is null || File.Exists(Path.Combine(hierarchy.MountPoint, $"{controller}.{file}")));

        return new LimitSupport
        {
            Memory = Has("memory"),
            Swap = Has("memory", "memsw.limit_in_bytes"),
            MemoryReservation = Has("memory", "soft_limit_in_bytes"),
            OomKillDisable = Has("memory", "oom_control"),
            Swappiness = Has("memory", "swappiness"),
            CpuShares = Has("cpu", "shares"),
            CpuQuota = Has("cpu", "cfs_quota_us"),
            CpuRealtime = Has("cpu", "rt_period_us"),
            Cpuset = Has("cpuset"),
            Pids = Has("pids"),
            BlockWeight = Has("blkio", "weight"),
            BlockWeightDevice = Has("blkio", "weight_device"),
            BlockReadBps = Has("blkio", "throttle.read_bps_device"),
            BlockWriteBps = Has("blkio", "throttle.write_bps_device"),
            BlockReadIops = Has("blkio", "throttle.read_iops_device"),
            BlockWriteIops = Has("blkio", "throttle.write_iops_device"),
            Cpus = Text(hierarchies, "cpuset", "cpuset.cpus"),
            Mems = Text(hierarchies, "cpuset", "cpuset.mems"),
        };
    }

    private static string OwnCgroup()
    {
        try
        {
            return File.ReadLines("/proc/self/cgroup").FirstOrDefault(static line => line.StartsWith("0::", StringComparison.Ordinal))?[3..] ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Text(CgroupHierarchies hierarchies, string controller, string file)
    {
        try
        {
            return hierarchies.Find(controller) is { } hierarchy ? File.ReadAllText(Path.Combine(hierarchy.MountPoint, file)).Trim() : "";
        }
        catch (IOException)
        {
            return "";
        }
    }
}
