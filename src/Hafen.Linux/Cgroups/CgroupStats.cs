namespace Hafen.Linux.Cgroups;

/// <summary>Counters of one cgroup at one moment. A part is null when its controller is absent.</summary>
public sealed record CgroupStats
{
    public CpuStats? Cpu { get; init; }
    public MemoryStats? Memory { get; init; }
    public PidsStats? Pids { get; init; }
    public BlockIoStats? BlockIo { get; init; }
}

/// <summary>CPU time in nanoseconds since the cgroup was made, and throttling by the quota.</summary>
public sealed record CpuStats
{
    public ulong TotalNanoseconds { get; init; }
    public ulong UserNanoseconds { get; init; }
    public ulong SystemNanoseconds { get; init; }

    /// <summary>Time per CPU in nanoseconds; only v1 knows it.</summary>
    public ulong[]? PerCpuNanoseconds { get; init; }

    /// <summary>Enforcement periods that have elapsed.</summary>
    public ulong Periods { get; init; }
    public ulong ThrottledPeriods { get; init; }
    public ulong ThrottledNanoseconds { get; init; }
}

/// <summary>Memory in bytes.</summary>
public sealed record MemoryStats
{
    /// <summary>Usage, page cache included.</summary>
    public ulong Usage { get; init; }

    /// <summary>Highest usage seen; null on v2 kernels before 5.19.</summary>
    public ulong? MaxUsage { get; init; }

    /// <summary>The limit; <see cref="ulong.MaxValue"/> when there is none.</summary>
    public ulong Limit { get; init; }

    /// <summary>How often the limit was hit.</summary>
    public ulong FailCount { get; init; }

    /// <summary>The lines of <c>memory.stat</c>, in bytes, pages or events as the kernel gives them.</summary>
    public required IReadOnlyDictionary<string, ulong> Details { get; init; }

    /// <summary>Swap in use; v1 accounts memory and swap together, there this is the difference. Null when swap is not accounted.</summary>
    public ulong? SwapUsage { get; init; }
}

/// <summary>Tasks (threads count).</summary>
public sealed record PidsStats
{
    public ulong Current { get; init; }

    /// <summary>The limit; zero means none, as Docker prints it.</summary>
    public ulong Limit { get; init; }
}

/// <summary>Block I/O, one row a device and operation, in the form of Docker's <c>blkio_stats</c>.</summary>
public sealed record BlockIoStats
{
    public required IReadOnlyList<BlockIoEntry> ServiceBytes { get; init; }
    public required IReadOnlyList<BlockIoEntry> Serviced { get; init; }
}

/// <param name="Major">Device major.</param>
/// <param name="Minor">Device minor.</param>
/// <param name="Operation"><c>Read</c>, <c>Write</c>, <c>Sync</c>, <c>Async</c>, <c>Discard</c> or <c>Total</c> on v1; <c>read</c> or <c>write</c> on v2.</param>
/// <param name="Value">Bytes or operations.</param>
public readonly record struct BlockIoEntry(ulong Major, ulong Minor, string Operation, ulong Value);
