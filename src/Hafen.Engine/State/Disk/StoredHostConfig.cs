namespace Hafen.Engine.State.Disk;

/// <summary>The part of a stored container that depends on the host, with its limits. Zero and absent are "not set"; sizes are bytes.</summary>
internal sealed record StoredHostConfig
{
    public string[]? Binds { get; init; }
    public string? ContainerIDFile { get; init; }
    public StoredLogConfig? LogConfig { get; init; }
    public string? NetworkMode { get; init; }
    public Dictionary<string, StoredPortBinding[]?>? PortBindings { get; init; }
    public StoredRestartPolicy? RestartPolicy { get; init; }
    public bool AutoRemove { get; init; }
    public string? VolumeDriver { get; init; }
    public string[]? VolumesFrom { get; init; }

    /// <summary>Height and width in characters.</summary>
    public uint[]? ConsoleSize { get; init; }

    public Dictionary<string, string>? Annotations { get; init; }
    public string[]? CapAdd { get; init; }
    public string[]? CapDrop { get; init; }
    public string? CgroupnsMode { get; init; }
    public string[]? Dns { get; init; }
    public string[]? DnsOptions { get; init; }
    public string[]? DnsSearch { get; init; }
    public string[]? ExtraHosts { get; init; }
    public string[]? GroupAdd { get; init; }
    public string? IpcMode { get; init; }
    public string? Cgroup { get; init; }
    public string[]? Links { get; init; }
    public int OomScoreAdj { get; init; }
    public string? PidMode { get; init; }
    public bool Privileged { get; init; }
    public bool PublishAllPorts { get; init; }
    public bool ReadonlyRootfs { get; init; }
    public string[]? SecurityOpt { get; init; }
    public Dictionary<string, string>? StorageOpt { get; init; }
    public Dictionary<string, string>? Tmpfs { get; init; }
    public string? UTSMode { get; init; }
    public string? UsernsMode { get; init; }

    /// <summary>Bytes of <c>/dev/shm</c>.</summary>
    public long ShmSize { get; init; }

    public Dictionary<string, string>? Sysctls { get; init; }
    public string? Runtime { get; init; }
    public string? Isolation { get; init; }
    public StoredMountRequest[]? Mounts { get; init; }

    /// <summary>Absent is the default list, empty is none.</summary>
    public string[]? MaskedPaths { get; init; }

    /// <inheritdoc cref="MaskedPaths"/>
    public string[]? ReadonlyPaths { get; init; }

    public bool? Init { get; init; }
    public long CpuShares { get; init; }
    public long Memory { get; init; }
    public long NanoCpus { get; init; }
    public string? CgroupParent { get; init; }
    public ushort BlkioWeight { get; init; }
    public StoredWeightDevice[]? BlkioWeightDevice { get; init; }
    public StoredThrottleDevice[]? BlkioDeviceReadBps { get; init; }
    public StoredThrottleDevice[]? BlkioDeviceWriteBps { get; init; }
    public StoredThrottleDevice[]? BlkioDeviceReadIOps { get; init; }
    public StoredThrottleDevice[]? BlkioDeviceWriteIOps { get; init; }
    public long CpuPeriod { get; init; }
    public long CpuQuota { get; init; }
    public long CpuRealtimePeriod { get; init; }
    public long CpuRealtimeRuntime { get; init; }
    public string? CpusetCpus { get; init; }
    public string? CpusetMems { get; init; }
    public StoredDevice[]? Devices { get; init; }
    public string[]? DeviceCgroupRules { get; init; }
    public StoredDeviceRequest[]? DeviceRequests { get; init; }
    public long KernelMemoryTCP { get; init; }
    public long MemoryReservation { get; init; }

    /// <summary>Memory and swap together; -1 is "unlimited".</summary>
    public long MemorySwap { get; init; }

    public long? MemorySwappiness { get; init; }
    public bool? OomKillDisable { get; init; }
    public long? PidsLimit { get; init; }
    public StoredUlimit[]? Ulimits { get; init; }
    public long CpuCount { get; init; }
    public long CpuPercent { get; init; }
    public ulong IOMaximumIOps { get; init; }
    public ulong IOMaximumBandwidth { get; init; }
}
