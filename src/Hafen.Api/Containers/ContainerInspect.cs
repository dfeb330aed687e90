using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>Answer of <c>GET /containers/{id}/json</c>.</summary>
public sealed record ContainerInspect
{
    public required string Id { get; init; }
    public required string Created { get; init; }
    public string? Path { get; init; }
    public required string[] Args { get; init; }
    public required ContainerStateInfo State { get; init; }

    /// <summary>The image's ID.</summary>
    public string? Image { get; init; }
    public string? ResolvConfPath { get; init; }
    public string? HostnamePath { get; init; }
    public string? HostsPath { get; init; }
    public string? LogPath { get; init; }

    /// <summary>With a leading slash.</summary>
    public required string Name { get; init; }
    public int RestartCount { get; init; }
    public string? Driver { get; init; }
    public string? Platform { get; init; }
    public string? MountLabel { get; init; }
    public string? ProcessLabel { get; init; }
    public string? AppArmorProfile { get; init; }
    public string[]? ExecIDs { get; init; }
    public required HostConfig HostConfig { get; init; }
    public required GraphDriverData GraphDriver { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? SizeRw { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? SizeRootFs { get; init; }
    public required MountPoint[] Mounts { get; init; }
    public required ContainerConfig Config { get; init; }
    public required NetworkSettings NetworkSettings { get; init; }
}

public sealed record ContainerStateInfo
{
    /// <summary><c>created running paused restarting removing exited dead</c></summary>
    public required string Status { get; init; }
    public bool Running { get; init; }
    public bool Paused { get; init; }
    public bool Restarting { get; init; }
    public bool OOMKilled { get; init; }
    public bool Dead { get; init; }
    public int Pid { get; init; }
    public int ExitCode { get; init; }
    public string? Error { get; init; }
    public required string StartedAt { get; init; }
    public required string FinishedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public HealthInfo? Health { get; init; }
}

public sealed record HealthInfo
{
    public required string Status { get; init; }
    public int FailingStreak { get; init; }
    public HealthResult[]? Log { get; init; }
}

public sealed record HealthResult
{
    public required string Start { get; init; }
    public required string End { get; init; }
    public int ExitCode { get; init; }
    public string? Output { get; init; }
}

public sealed record GraphDriverData
{
    public IReadOnlyDictionary<string, string>? Data { get; init; }
    public required string Name { get; init; }
}

/// <summary>A mount of a container as inspect and list show it.</summary>
public sealed record MountPoint
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Type { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }
    public string? Source { get; init; }
    public string? Destination { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Driver { get; init; }
    public string? Mode { get; init; }
    public bool RW { get; init; }
    public string? Propagation { get; init; }
}

public sealed record NetworkSettings
{
    public string? Bridge { get; init; }
    public string? SandboxID { get; init; }
    public string? SandboxKey { get; init; }
    public Dictionary<string, PortBinding[]?>? Ports { get; init; }
    public bool HairpinMode { get; init; }
    public string? LinkLocalIPv6Address { get; init; }
    public int LinkLocalIPv6PrefixLen { get; init; }
    public NetworkAddress[]? SecondaryIPAddresses { get; init; }
    public NetworkAddress[]? SecondaryIPv6Addresses { get; init; }
    public string? EndpointID { get; init; }
    public string? Gateway { get; init; }
    public string? GlobalIPv6Address { get; init; }
    public int GlobalIPv6PrefixLen { get; init; }
    public string? IPAddress { get; init; }
    public int IPPrefixLen { get; init; }
    public string? IPv6Gateway { get; init; }
    public string? MacAddress { get; init; }
    public Dictionary<string, EndpointSettings>? Networks { get; init; }
}

public sealed record NetworkAddress
{
    public string? Addr { get; init; }
    public int PrefixLen { get; init; }
}
