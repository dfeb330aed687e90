using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>The part of a container's configuration that depends on the host (Engine API, <c>HostConfig</c>).</summary>
public sealed record HostConfig : ContainerResources
{
    public string[]? Binds { get; init; }
    public string? ContainerIDFile { get; init; }
    public LogConfig? LogConfig { get; init; }
    public string? NetworkMode { get; init; }
    public Dictionary<string, PortBinding[]?>? PortBindings { get; init; }
    public RestartPolicy? RestartPolicy { get; init; }
    public bool AutoRemove { get; init; }
    public string? VolumeDriver { get; init; }
    public string[]? VolumesFrom { get; init; }

    /// <summary>Height and width of the terminal in characters.</summary>
    public uint[]? ConsoleSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Annotations { get; init; }
    [JsonConverter(typeof(StringOrListConverter))] public string[]? CapAdd { get; init; }
    [JsonConverter(typeof(StringOrListConverter))] public string[]? CapDrop { get; init; }
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
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? StorageOpt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Tmpfs { get; init; }
    public string? UTSMode { get; init; }
    public string? UsernsMode { get; init; }

    /// <summary>Bytes of <c>/dev/shm</c>.</summary>
    public long ShmSize { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Sysctls { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Runtime { get; init; }
    public string? Isolation { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public MountRequest[]? Mounts { get; init; }

    /// <summary>Null means the default list, an empty list means none.</summary>
    public string[]? MaskedPaths { get; init; }

    /// <summary>Null means the default list, an empty list means none.</summary>
    public string[]? ReadonlyPaths { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public bool? Init { get; init; }
}

public sealed record LogConfig
{
    public string? Type { get; init; }
    public Dictionary<string, string>? Config { get; init; }
}

public sealed record RestartPolicy
{
    /// <summary>Empty, <c>no</c>, <c>always</c>, <c>on-failure</c> or <c>unless-stopped</c>.</summary>
    public string? Name { get; init; }
    public int MaximumRetryCount { get; init; }
}

public sealed record PortBinding
{
    public string? HostIp { get; init; }
    public string? HostPort { get; init; }
}
