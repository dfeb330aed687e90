using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>A container's limits (Engine API, <c>Resources</c>). Zero and null mean "not set"; sizes are bytes.</summary>
public record ContainerResources
{
    public long CpuShares { get; init; }
    public long Memory { get; init; }
    public long NanoCpus { get; init; }
    public string? CgroupParent { get; init; }
    public ushort BlkioWeight { get; init; }
    public BlkioWeightDevice[]? BlkioWeightDevice { get; init; }
    public BlkioThrottleDevice[]? BlkioDeviceReadBps { get; init; }
    public BlkioThrottleDevice[]? BlkioDeviceWriteBps { get; init; }
    public BlkioThrottleDevice[]? BlkioDeviceReadIOps { get; init; }
    public BlkioThrottleDevice[]? BlkioDeviceWriteIOps { get; init; }
    public long CpuPeriod { get; init; }
    public long CpuQuota { get; init; }
    public long CpuRealtimePeriod { get; init; }
    public long CpuRealtimeRuntime { get; init; }
    public string? CpusetCpus { get; init; }
    public string? CpusetMems { get; init; }
    public DeviceMapping[]? Devices { get; init; }
    public string[]? DeviceCgroupRules { get; init; }
    public DeviceRequest[]? DeviceRequests { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long KernelMemory { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long KernelMemoryTCP { get; init; }
    public long MemoryReservation { get; init; }

    /// <summary>Memory and swap together; -1 means unlimited swap.</summary>
    public long MemorySwap { get; init; }

    public long? MemorySwappiness { get; init; }
    public bool? OomKillDisable { get; init; }
    public long? PidsLimit { get; init; }
    public Ulimit[]? Ulimits { get; init; }
    public long CpuCount { get; init; }
    public long CpuPercent { get; init; }
    public ulong IOMaximumIOps { get; init; }
    public ulong IOMaximumBandwidth { get; init; }
}

public sealed record BlkioWeightDevice
{
    public string? Path { get; init; }
    public ushort Weight { get; init; }
}

/// <summary>Bytes or operations a second on a device.</summary>
public sealed record BlkioThrottleDevice
{
    public string? Path { get; init; }
    public ulong Rate { get; init; }
}

public sealed record DeviceMapping
{
    public string? PathOnHost { get; init; }
    public string? PathInContainer { get; init; }

    /// <summary>Any of <c>r</c>, <c>w</c>, <c>m</c>.</summary>
    public string? CgroupPermissions { get; init; }
}

public sealed record DeviceRequest
{
    public string? Driver { get; init; }
    public int Count { get; init; }
    public string[]? DeviceIDs { get; init; }
    public string[][]? Capabilities { get; init; }
    public Dictionary<string, string>? Options { get; init; }
}

/// <summary>A limit as in setrlimit(2); -1 means unlimited.</summary>
public sealed record Ulimit
{
    public string? Name { get; init; }
    public long Hard { get; init; }
    public long Soft { get; init; }
}
