using System.Globalization;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Cgroups;

/// <summary>Limits of the runtime specification, which thinks in v1, as writes to cgroup v2 files.</summary>
public static class UnifiedSettings
{
    /// <summary>The kernel's default period when only a quota is given (Documentation/admin-guide/cgroup-v2.rst).</summary>
    private const ulong DefaultPeriod = 100_000;

    /// <summary>The kernel's <c>MAX_CFTYPE_NAME</c>.</summary>
    private const int LongestFileName = 64;

    /// <exception cref="CgroupException">A value that can never be right, or a limit that v2 has no counterpart for.</exception>
    public static List<CgroupSetting> Plan(SpecResources resources)
    {
        if (WithoutCounterpart(resources) is { } name)
            throw new CgroupException($"cgroup v2 has no counterpart for {name}");
        var plan = new List<CgroupSetting>();
        if (resources.Pids is { } pids)
            plan.Add(new("pids", "pids.max", pids.Limit > 0 ? Text(pids.Limit) : "max") { Optional = pids.Limit <= 0 });
        Memory(plan, resources.Memory);
        BlockIo(plan, resources.BlockIo);
        Cpu(plan, resources.Cpu);
        if (!string.IsNullOrEmpty(resources.Cpu?.Cpus))
            plan.Add(new("cpuset", "cpuset.cpus", resources.Cpu.Cpus));
        if (!string.IsNullOrEmpty(resources.Cpu?.Mems))
            plan.Add(new("cpuset", "cpuset.mems", resources.Cpu.Mems));
        foreach (var limit in resources.HugepageLimits ?? [])
        {
            string size = HugePageSize.Checked(limit.PageSize);
            plan.Add(new("hugetlb", $"hugetlb.{size}.max", Text(limit.Limit)));
            plan.Add(new("hugetlb", $"hugetlb.{size}.rsvd.max", Text(limit.Limit)) { Optional = true });
        }

        RdmaSettings.Add(plan, resources.Rdma);
        foreach ((string file, string value) in resources.Unified ?? [])
        {
            int dot = file.IndexOf('.');
            if (file.Contains('/') || dot <= 0 || file.Length > LongestFileName)
                throw new CgroupException($"invalid unified resource \"{file}\": it must be a file name of the form controller.name");
            plan.Add(new(file[..dot], file, value));
        }

        return plan;
    }

    /// <summary>
    /// Shares (2 to 262144, default 1024) as weight (1 to 10000, default 100): the curve that runc and crun use, which maps the
    /// ends and the default exactly. Zero stays zero, "not set".
    /// </summary>
    public static ulong WeightFromShares(ulong shares)
    {
        if (shares == 0)
            return 0;
        if (shares <= 2)
            return 1;
        if (shares >= 262144)
            return 10000;
        double log = Math.Log2(shares);
        return (ulong)Math.Ceiling(Math.Pow(10, (log * log + 125 * log) / 612.0 - 7.0 / 34.0));
    }

    /// <summary>Block weight (10 to 1000) as <c>io.weight</c> (1 to 10000), linear.</summary>
    public static ulong IoWeightFromBlockWeight(ushort weight) => weight <= 10 ? 1 : 1 + (weight - 10UL) * 9999 / 990;

    /// <summary>
    /// v1's limit counts memory and swap together, v2's counts swap alone. Null when nothing is to be written, -1 for unlimited.
    /// </summary>
    /// <exception cref="CgroupException">Swap cannot be worked out, or is less than the memory.</exception>
    public static long? SwapAlone(long? memoryAndSwap, long? memory)
    {
        long swap = memoryAndSwap ?? 0, limit = memory ?? 0;
        if (limit == -1 && swap == 0)
            return -1;
        if (swap == 0)
            return null;
        if (swap == -1 || limit == -1)
            return swap;
        if (limit == 0)
            throw new CgroupException("unable to set swap limit without memory limit");
        if (limit < 0)
            throw new CgroupException($"invalid memory value: {limit}");
        if (swap < limit)
            throw new CgroupException("memory+swap limit should be >= memory limit");
        return swap - limit;
    }

    /// <summary>The first member asked for that only v1 could serve, by its name in the specification. What asks for nothing does not count.</summary>
    private static string? WithoutCounterpart(SpecResources resources)
    {
        if (resources.Memory is { } memory)
        {
            if (memory.Swappiness is not (null or ulong.MaxValue))
                return "memory.swappiness";
            if (memory.DisableOomKiller == true)
                return "memory.disableOOMKiller";
            if (memory.Kernel is not (null or 0 or -1))
                return "memory.kernel";
            if (memory.KernelTcp is not (null or 0 or -1))
                return "memory.kernelTCP";
        }

        if (resources.Cpu?.RealtimeRuntime is not (null or 0))
            return "cpu.realtimeRuntime";
        if (resources.Cpu?.RealtimePeriod is not (null or 0))
            return "cpu.realtimePeriod";
        if (resources.BlockIo?.LeafWeight is not (null or 0) || Array.Exists(resources.BlockIo?.WeightDevice ?? [], device => device.LeafWeight is not (null or 0)))
            return "blockIO.leafWeight";
        if (resources.Network?.ClassId is not (null or 0))
            return "network.classID";
        return resources.Network?.Priorities is { Length: > 0 } ? "network.priorities" : null;
    }

    private static void Memory(List<CgroupSetting> plan, SpecMemory? memory)
    {
        if (memory is null)
            return;
        if (SwapAlone(memory.Swap, memory.Limit) is long swap)
        {
            // Without swap accounting both "no swap" and "no limit" are what the kernel does anyway.
            plan.Add(new("memory", "memory.swap.max", Limit(swap)) { Optional = swap is 0 or -1 });
        }

        if (memory.Limit is not (null or 0))
            plan.Add(new("memory", "memory.max", Limit(memory.Limit.Value)));
        if (memory.Reservation is not (null or 0))
            plan.Add(new("memory", "memory.low", Limit(memory.Reservation.Value)));
    }

    private static void Cpu(List<CgroupSetting> plan, SpecCpu? cpu)
    {
        if (cpu is null)
            return;
        bool quota = cpu.Quota is not (null or 0);
        if (cpu.Idle is long idle)
            plan.Add(new("cpu", "cpu.idle", Text(idle)) { Optional = idle == 0 });
        // An idle group has no weight of its own: the kernel refuses one.
        if (WeightFromShares(cpu.Shares ?? 0) is > 0 and ulong weight && cpu.Idle is not 1)
            plan.Add(new("cpu", "cpu.weight", Text(weight)));
        if (cpu.Burst is ulong burst)
            plan.Add(new("cpu", "cpu.max.burst", Text(burst)) { Deferrable = quota, Optional = burst == 0 });
        if (quota || cpu.Period is > 0)
        {
            string amount = cpu.Quota is > 0 and long microseconds ? Text(microseconds) : "max";
            plan.Add(new("cpu", "cpu.max", $"{amount} {(cpu.Period is > 0 and ulong period ? period : DefaultPeriod)}"));
        }
    }

    private static void BlockIo(List<CgroupSetting> plan, SpecBlockIo? io)
    {
        if (io is null)
            return;
        if (io.Weight is > 0 and ushort weight)
        {
            plan.Add(new("io", "io.bfq.weight", Text(weight))
            {
                Alternative = new("io", "io.weight", Text(IoWeightFromBlockWeight(weight))),
            });
        }

        foreach (var device in io.WeightDevice ?? [])
        {
            if (device.Weight is > 0 and ushort deviceWeight)
            {
                plan.Add(new("io", "io.bfq.weight", $"{device.Major}:{device.Minor} {deviceWeight}")
                {
                    Alternative = new("io", "io.weight", $"{device.Major}:{device.Minor} {IoWeightFromBlockWeight(deviceWeight)}"),
                });
            }
        }

        Throttle(plan, "rbps", io.ThrottleReadBpsDevice);
        Throttle(plan, "wbps", io.ThrottleWriteBpsDevice);
        Throttle(plan, "riops", io.ThrottleReadIopsDevice);
        Throttle(plan, "wiops", io.ThrottleWriteIopsDevice);
    }

    private static void Throttle(List<CgroupSetting> plan, string key, SpecThrottleDevice[]? devices)
    {
        // Zero lifts a v1 limit; v2 spells that "max".
        foreach (var device in devices ?? [])
            plan.Add(new("io", "io.max", $"{device.Major}:{device.Minor} {key}={(device.Rate == 0 ? "max" : Text(device.Rate))}"));
    }

    private static string Limit(long value) => value == -1 ? "max" : Text(value);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(ulong value) => value.ToString(CultureInfo.InvariantCulture);
}
