namespace Hafen.Linux.Cgroups;

/// <summary>Reads a cgroup's counters. A file that is missing leaves its part out: the container may be going away meanwhile.</summary>
internal static class CgroupStatsReader
{
    /// <summary>v1 writes its largest page-aligned number for "no limit" (<c>PAGE_COUNTER_MAX</c>).</summary>
    private const ulong LegacyNoLimit = 0x7FFF_FFFF_FFFF_F000;
    private const ulong NanosecondsPerMicrosecond = 1000;

    public static CgroupStats Read(CgroupDirectorySet directories)
    {
        bool unified = directories.All.Length > 0 && directories.All[0].Hierarchy.IsUnified;
        return new CgroupStats
        {
            Cpu = unified ? UnifiedCpu(directories.All[0]) : LegacyCpu(directories.For("cpuacct"), directories.For("cpu")),
            Memory = unified ? UnifiedMemory(directories.All[0]) : LegacyMemory(directories.For("memory")),
            Pids = Pids(directories.For("pids")),
            BlockIo = unified ? UnifiedIo(directories.All[0]) : LegacyIo(directories.For("blkio")),
        };
    }

    private static CpuStats? LegacyCpu(CgroupDirectory? account, CgroupDirectory? bandwidth)
    {
        ulong? total = account?.ReadNumber("cpuacct.usage");
        if (total is null)
            return null;
        string stat = bandwidth?.ReadText("cpu.stat") ?? "";
        return new CpuStats
        {
            TotalNanoseconds = total.Value,
            UserNanoseconds = account!.ReadNumber("cpuacct.usage_user") ?? 0,
            SystemNanoseconds = account.ReadNumber("cpuacct.usage_sys") ?? 0,
            PerCpuNanoseconds = account.ReadText("cpuacct.usage_percpu") is { } text ? CgroupText.Numbers(text) : null,
            Periods = CgroupText.Value(stat, "nr_periods"),
            ThrottledPeriods = CgroupText.Value(stat, "nr_throttled"),
            ThrottledNanoseconds = CgroupText.Value(stat, "throttled_time"),
        };
    }

    private static CpuStats? UnifiedCpu(CgroupDirectory directory)
    {
        string? stat = directory.ReadText("cpu.stat");
        return stat is null ? null : new CpuStats
        {
            TotalNanoseconds = CgroupText.Value(stat, "usage_usec") * NanosecondsPerMicrosecond,
            UserNanoseconds = CgroupText.Value(stat, "user_usec") * NanosecondsPerMicrosecond,
            SystemNanoseconds = CgroupText.Value(stat, "system_usec") * NanosecondsPerMicrosecond,
            Periods = CgroupText.Value(stat, "nr_periods"),
            ThrottledPeriods = CgroupText.Value(stat, "nr_throttled"),
            ThrottledNanoseconds = CgroupText.Value(stat, "throttled_usec") * NanosecondsPerMicrosecond,
        };
    }

    private static MemoryStats? LegacyMemory(CgroupDirectory? directory)
    {
        ulong? usage = directory?.ReadNumber("memory.usage_in_bytes");
        if (usage is null)
            return null;
        ulong limit = directory!.ReadNumber("memory.limit_in_bytes") ?? ulong.MaxValue;
        ulong? withSwap = directory.ReadNumber("memory.memsw.usage_in_bytes");
        return new MemoryStats
        {
            Usage = usage.Value,
            MaxUsage = directory.ReadNumber("memory.max_usage_in_bytes"),
            Limit = limit >= LegacyNoLimit ? ulong.MaxValue : limit,
            FailCount = directory.ReadNumber("memory.failcnt") ?? 0,
            Details = CgroupText.FlatKeyed(directory.ReadText("memory.stat") ?? ""),
            // Two files read one after the other: the sum may already be behind.
            SwapUsage = withSwap is null ? null : withSwap.Value - Math.Min(usage.Value, withSwap.Value),
        };
    }

    private static MemoryStats? UnifiedMemory(CgroupDirectory directory)
    {
        ulong? usage = directory.ReadNumber("memory.current");
        return usage is null ? null : new MemoryStats
        {
            Usage = usage.Value,
            MaxUsage = directory.ReadNumber("memory.peak"),
            Limit = directory.ReadNumber("memory.max") ?? ulong.MaxValue,
            FailCount = CgroupText.Value(directory.ReadText("memory.events") ?? "", "max"),
            Details = CgroupText.FlatKeyed(directory.ReadText("memory.stat") ?? ""),
            SwapUsage = directory.ReadNumber("memory.swap.current"),
        };
    }

    private static PidsStats? Pids(CgroupDirectory? directory)
    {
        ulong? current = directory?.ReadNumber("pids.current");
        if (current is null)
            return null;
        ulong limit = directory!.ReadNumber("pids.max") ?? ulong.MaxValue;
        return new PidsStats { Current = current.Value, Limit = limit == ulong.MaxValue ? 0 : limit };
    }

    private static BlockIoStats? LegacyIo(CgroupDirectory? directory)
    {
        // BFQ counts what it schedules, the throttler counts everything: the first with content tells, as Docker shows it.
        string? bytes = Filled(directory, "blkio.bfq.io_service_bytes_recursive") ?? directory?.ReadText("blkio.throttle.io_service_bytes_recursive");
        string? operations = Filled(directory, "blkio.bfq.io_serviced_recursive") ?? directory?.ReadText("blkio.throttle.io_serviced_recursive");
        return bytes is null && operations is null ? null : new BlockIoStats
        {
            ServiceBytes = CgroupText.BlockIo(bytes ?? ""),
            Serviced = CgroupText.BlockIo(operations ?? ""),
        };
    }

    private static string? Filled(CgroupDirectory? directory, string file) =>
        directory?.ReadText(file) is { } text && CgroupText.BlockIo(text).Count > 0 ? text : null;

    private static BlockIoStats? UnifiedIo(CgroupDirectory directory)
    {
        string? stat = directory.ReadText("io.stat");
        return stat is null ? null : new BlockIoStats
        {
            ServiceBytes = CgroupText.IoStat(stat, "rbytes", "wbytes"),
            Serviced = CgroupText.IoStat(stat, "rios", "wios"),
        };
    }
}
