using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>One element of <c>GET /containers/json</c>.</summary>
public sealed record ContainerSummary
{
    public required string Id { get; init; }

    /// <summary>With leading slashes.</summary>
    public required string[] Names { get; init; }
    public string? Image { get; init; }
    public string? ImageID { get; init; }
    public string? Command { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }
    public required PortSummary[] Ports { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long SizeRw { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public long SizeRootFs { get; init; }
    public required Dictionary<string, string> Labels { get; init; }
    public required string State { get; init; }
    public required string Status { get; init; }
    public required ContainerSummaryHostConfig HostConfig { get; init; }
    public ContainerSummaryNetworks? NetworkSettings { get; init; }
    public required MountPoint[] Mounts { get; init; }
}

public sealed record ContainerSummaryHostConfig
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? NetworkMode { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Annotations { get; init; }
}

public sealed record ContainerSummaryNetworks
{
    public required Dictionary<string, EndpointSettings> Networks { get; init; }
}

public sealed record PortSummary
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? IP { get; init; }
    public ushort PrivatePort { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public ushort PublicPort { get; init; }
    public required string Type { get; init; }
}
