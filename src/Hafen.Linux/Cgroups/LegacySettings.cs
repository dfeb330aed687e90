using System.Globalization;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Cgroups;

/// <summary>Limits of the runtime specification as writes to cgroup v1 files. Devices are apart, see <see cref="DevicePolicy"/>.</summary>
public static class LegacySettings
{
    /// <summary>Bounds of <c>cpu.shares</c> (kernel/sched/sched.h); the kernel clamps silently, users are told.</summary>
    private const ulong MinShares = 2, MaxShares = 262144;

    /// <summary>
    /// Kernel memory limits are refused: the kernel removed them. Zero means "not set" where the specification's default is zero.
    /// </summary>
    /// <exception cref="CgroupException">A value that can never be right.</exception>
    public static List<CgroupSetting> Plan(SpecResources resources)
    {
        var plan = new List<CgroupSetting>();
        if (resources.Unified is { Count: > 0 })
            throw new CgroupException("invalid configuration: cannot use unified resources on cgroup v1");
        Memory(plan, resources.Memory);
        Cpu(plan, resources.Cpu);
        Cpuset(plan, resources.Cpu);
        Pids(plan, resources.Pids);
        BlockIo(plan, resources.BlockIo);
        foreach (var limit in resources.HugepageLimits ?? [])
        {
            string size = HugePageSize.Checked(limit.PageSize);
            plan.Add(new("hugetlb", $"hugetlb.{size}.limit_in_bytes", Text(limit.Limit)));
            plan.Add(new("hugetlb", $"hugetlb.{size}.rsvd.limit_in_bytes", Text(limit.Limit)) { Optional = true });
        }

        if (resources.Network?.ClassId is > 0 and uint classId)
            plan.Add(new("net_cls", "net_cls.classid", Text(classId)));
        foreach (var priority in resources.Network?.Priorities ?? [])
            plan.Add(new("net_prio", "net_prio.ifpriomap", $"{priority.Name} {priority.Priority}"));
        RdmaSettings.Add(plan, resources.Rdma);
        return plan;
    }

    private static void Memory(List<CgroupSetting> plan, SpecMemory? memory)
    {
        if (memory is null)
            return;
        long limit = memory.Limit ?? 0, swap = memory.Swap ?? 0;
        bool implied = limit == -1 && swap == 0;
        if (limit != 0)
            plan.Add(new("memory", "memory.limit_in_bytes", Text(limit)) { Deferrable = swap != 0 || implied });
        if (swap != 0)
            plan.Add(new("memory", "memory.memsw.limit_in_bytes", Text(swap)));
        else if (implied)
            plan.Add(new("memory", "memory.memsw.limit_in_bytes", "-1") { Optional = true });
        if (memory.Reservation is not (null or 0))
            plan.Add(new("memory", "memory.soft_limit_in_bytes", Text(memory.Reservation.Value)));
        if (memory.Kernel is not (null or 0 or -1))
            throw new CgroupException("the kernel has no limits of kernel memory any more (memory.kernel)");
        if (memory.KernelTcp is not (null or 0))
            plan.Add(new("memory", "memory.kmem.tcp.limit_in_bytes", Text(memory.KernelTcp.Value)));
        if (memory.DisableOomKiller == true)
            plan.Add(new("memory", "memory.oom_control", "1"));
        if (memory.Swappiness is ulong swappiness && swappiness != ulong.MaxValue)
        {
            if (swappiness > 100)
                throw new CgroupException($"invalid memory swappiness value: {swappiness} (valid range is 0-100)");
            plan.Add(new("memory", "memory.swappiness", Text(swappiness)));
        }
    }

    private static void Cpu(List<CgroupSetting> plan, SpecCpu? cpu)
    {
        if (cpu is null)
            return;
        bool quota = cpu.Quota is not (null or 0);
        bool realtime = cpu.RealtimeRuntime is not (null or 0);
        if (cpu.RealtimePeriod is > 0)
            plan.Add(new("cpu", "cpu.rt_period_us", Text(cpu.RealtimePeriod.Value)) { Deferrable = realtime });
        if (realtime)
            plan.Add(new("cpu", "cpu.rt_runtime_us", Text(cpu.RealtimeRuntime!.Value)));
        if (cpu.Shares is > 0 and ulong shares)
        {
            if (shares < MinShares)
                throw new CgroupException($"the minimum allowed cpu-shares is {MinShares}");
            if (shares > MaxShares)
                throw new CgroupException($"the maximum allowed cpu-shares is {MaxShares}");
            plan.Add(new("cpu", "cpu.shares", Text(shares)));
        }

        if (cpu.Period is > 0)
            plan.Add(new("cpu", "cpu.cfs_period_us", Text(cpu.Period.Value)) { Deferrable = quota });
        if (cpu.Burst is ulong burst)
            plan.Add(new("cpu", "cpu.cfs_burst_us", Text(burst)) { Deferrable = quota, Optional = burst == 0 });
        if (quota)
            plan.Add(new("cpu", "cpu.cfs_quota_us", Text(cpu.Quota!.Value)));
        if (cpu.Idle is long idle)
            plan.Add(new("cpu", "cpu.idle", Text(idle)) { Optional = idle == 0 });
    }

    private static void Cpuset(List<CgroupSetting> plan, SpecCpu? cpu)
    {
        if (!string.IsNullOrEmpty(cpu?.Cpus))
            plan.Add(new("cpuset", "cpuset.cpus", cpu.Cpus));
        if (!string.IsNullOrEmpty(cpu?.Mems))
            plan.Add(new("cpuset", "cpuset.mems", cpu.Mems));
    }

    private static void Pids(List<CgroupSetting> plan, SpecPids? pids)
    {
        if (pids is not null)
            plan.Add(new("pids", "pids.max", pids.Limit > 0 ? Text(pids.Limit) : "max") { Optional = pids.Limit <= 0 });
    }

    private static void BlockIo(List<CgroupSetting> plan, SpecBlockIo? io)
    {
        if (io is null)
            return;
        if (io.Weight is > 0 and ushort weight)
            plan.Add(Weighted("blkio.weight", "blkio.bfq.weight", Text(weight)));
        if (io.LeafWeight is > 0 and ushort leaf)
            plan.Add(new("blkio", "blkio.leaf_weight", Text(leaf)));
        foreach (var device in io.WeightDevice ?? [])
        {
            if (device.Weight is > 0 and ushort deviceWeight)
                plan.Add(Weighted("blkio.weight_device", "blkio.bfq.weight_device", $"{device.Major}:{device.Minor} {deviceWeight}"));
            if (device.LeafWeight is > 0 and ushort deviceLeaf)
                plan.Add(new("blkio", "blkio.leaf_weight_device", $"{device.Major}:{device.Minor} {deviceLeaf}"));
        }

        Throttle(plan, "blkio.throttle.read_bps_device", io.ThrottleReadBpsDevice);
        Throttle(plan, "blkio.throttle.write_bps_device", io.ThrottleWriteBpsDevice);
        Throttle(plan, "blkio.throttle.read_iops_device", io.ThrottleReadIopsDevice);
        Throttle(plan, "blkio.throttle.write_iops_device", io.ThrottleWriteIopsDevice);
    }

    /// <summary>The file is named after the scheduler: CFQ had the plain name, BFQ has its own in some kernels.</summary>
    private static CgroupSetting Weighted(string file, string bfqFile, string value) =>
        new("blkio", bfqFile, value) { Alternative = new("blkio", file, value) };

    private static void Throttle(List<CgroupSetting> plan, string file, SpecThrottleDevice[]? devices)
    {
        foreach (var device in devices ?? [])
            plan.Add(new("blkio", file, $"{device.Major}:{device.Minor} {device.Rate}"));
    }

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
