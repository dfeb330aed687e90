using System.Text.Json.Serialization;

namespace Hafen.Oci.Runtime;

/// <summary>Linux-specific part of <c>config.json</c> (runtime-spec, config-linux.md).</summary>
public sealed record SpecLinux
{
    public SpecNamespace[]? Namespaces { get; init; }
    public SpecIdMapping[]? UidMappings { get; init; }
    public SpecIdMapping[]? GidMappings { get; init; }
    public Dictionary<string, SpecTimeOffset>? TimeOffsets { get; init; }
    public SpecDevice[]? Devices { get; init; }
    public string? CgroupsPath { get; init; }
    public SpecResources? Resources { get; init; }
    public string? RootfsPropagation { get; init; }
    public SpecSeccomp? Seccomp { get; init; }
    public Dictionary<string, string>? Sysctl { get; init; }
    public string[]? MaskedPaths { get; init; }
    public string[]? ReadonlyPaths { get; init; }
    public string? MountLabel { get; init; }
    public SpecPersonality? Personality { get; init; }
    public SpecUnread? IntelRdt { get; init; }
    public SpecUnread? MemoryPolicy { get; init; }
    public SpecUnread? NetDevices { get; init; }
}

/// <summary>A member of the specification that is known by name and not read further: that it is there is enough to refuse it.</summary>
public sealed record SpecUnread;

/// <summary>One of <c>pid network mount ipc uts user cgroup time</c>; with a path the namespace is joined, else created.</summary>
public sealed record SpecNamespace
{
    public required string Type { get; init; }
    public string? Path { get; init; }
}

public sealed record SpecIdMapping
{
    [JsonPropertyName("containerID")] public uint ContainerId { get; init; }
    [JsonPropertyName("hostID")] public uint HostId { get; init; }
    public uint Size { get; init; }
}

public sealed record SpecTimeOffset
{
    public long Secs { get; init; }
    public uint Nanosecs { get; init; }
}

public sealed record SpecDevice
{
    public required string Path { get; init; }
    /// <summary><c>c</c>, <c>b</c>, <c>u</c> or <c>p</c>.</summary>
    public required string Type { get; init; }
    public long Major { get; init; }
    public long Minor { get; init; }
    public uint? FileMode { get; init; }
    public uint? Uid { get; init; }
    public uint? Gid { get; init; }
}

public sealed record SpecPersonality
{
    public required string Domain { get; init; }
    public string[]? Flags { get; init; }
}

public sealed record SpecResources
{
    public SpecDeviceRule[]? Devices { get; init; }
    public SpecMemory? Memory { get; init; }
    public SpecCpu? Cpu { get; init; }
    public SpecPids? Pids { get; init; }
    [JsonPropertyName("blockIO")] public SpecBlockIo? BlockIo { get; init; }
    public SpecHugepageLimit[]? HugepageLimits { get; init; }
    public SpecNetworkClass? Network { get; init; }
    /// <summary>By name of the device.</summary>
    public Dictionary<string, SpecRdma>? Rdma { get; init; }
    /// <summary>cgroup v2 files written as they are: file name to content.</summary>
    public Dictionary<string, string>? Unified { get; init; }
}

/// <summary>A device cgroup rule; absent numbers mean all.</summary>
public sealed record SpecDeviceRule
{
    public bool Allow { get; init; }
    public string? Type { get; init; }
    public long? Major { get; init; }
    public long? Minor { get; init; }
    public string? Access { get; init; }
}

/// <summary>Limits in bytes; -1 means unlimited.</summary>
public sealed record SpecMemory
{
    public long? Limit { get; init; }
    public long? Reservation { get; init; }
    public long? Swap { get; init; }
    public long? Kernel { get; init; }
    [JsonPropertyName("kernelTCP")] public long? KernelTcp { get; init; }
    public ulong? Swappiness { get; init; }
    [JsonPropertyName("disableOOMKiller")] public bool? DisableOomKiller { get; init; }
    public bool? UseHierarchy { get; init; }
    public bool? CheckBeforeUpdate { get; init; }
}

/// <summary>CPU shares (relative), quota and periods in microseconds.</summary>
public sealed record SpecCpu
{
    public ulong? Shares { get; init; }
    public long? Quota { get; init; }
    public ulong? Burst { get; init; }
    public ulong? Period { get; init; }
    public long? RealtimeRuntime { get; init; }
    public ulong? RealtimePeriod { get; init; }
    public string? Cpus { get; init; }
    public string? Mems { get; init; }
    public long? Idle { get; init; }
}

public sealed record SpecPids
{
    /// <summary>Number of tasks; zero or less means unlimited.</summary>
    public long Limit { get; init; }
}

public sealed record SpecBlockIo
{
    public ushort? Weight { get; init; }
    public ushort? LeafWeight { get; init; }
    public SpecWeightDevice[]? WeightDevice { get; init; }
    public SpecThrottleDevice[]? ThrottleReadBpsDevice { get; init; }
    public SpecThrottleDevice[]? ThrottleWriteBpsDevice { get; init; }
    [JsonPropertyName("throttleReadIOPSDevice")] public SpecThrottleDevice[]? ThrottleReadIopsDevice { get; init; }
    [JsonPropertyName("throttleWriteIOPSDevice")] public SpecThrottleDevice[]? ThrottleWriteIopsDevice { get; init; }
}

public sealed record SpecWeightDevice
{
    public long Major { get; init; }
    public long Minor { get; init; }
    public ushort? Weight { get; init; }
    public ushort? LeafWeight { get; init; }
}

public sealed record SpecThrottleDevice
{
    public long Major { get; init; }
    public long Minor { get; init; }
    public ulong Rate { get; init; }
}

public sealed record SpecHugepageLimit
{
    public required string PageSize { get; init; }
    public ulong Limit { get; init; }
}

public sealed record SpecNetworkClass
{
    [JsonPropertyName("classID")] public uint? ClassId { get; init; }
    public SpecInterfacePriority[]? Priorities { get; init; }
}

/// <summary>Handles and objects of an RDMA device; absent means no limit.</summary>
public sealed record SpecRdma
{
    public uint? HcaHandles { get; init; }
    public uint? HcaObjects { get; init; }
}

public sealed record SpecInterfacePriority
{
    public required string Name { get; init; }
    public uint Priority { get; init; }
}

public sealed record SpecSeccomp
{
    public required string DefaultAction { get; init; }
    public uint? DefaultErrnoRet { get; init; }
    public string[]? Architectures { get; init; }
    public string[]? Flags { get; init; }
    public string? ListenerPath { get; init; }
    public string? ListenerMetadata { get; init; }
    public SpecSyscall[]? Syscalls { get; init; }
}

public sealed record SpecSyscall
{
    public required string[] Names { get; init; }
    public required string Action { get; init; }
    public uint? ErrnoRet { get; init; }
    public SpecSyscallArgument[]? Args { get; init; }
}

public sealed record SpecSyscallArgument
{
    public uint Index { get; init; }
    public ulong Value { get; init; }
    public ulong ValueTwo { get; init; }
    public required string Op { get; init; }
}
