using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>A volume in <c>GET /volumes</c> and <c>GET /volumes/{name}</c>.</summary>
public sealed record VolumeInspect
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? CreatedAt { get; init; }
    public required string Driver { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public required string Mountpoint { get; init; }
    public required string Name { get; init; }
    public IReadOnlyDictionary<string, string>? Options { get; init; }
    public required string Scope { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public VolumeUsage? UsageData { get; init; }
}

/// <summary>-1 means not known.</summary>
public sealed record VolumeUsage
{
    public long RefCount { get; init; }
    public long Size { get; init; }
}

public sealed record VolumeList
{
    public required VolumeInspect[] Volumes { get; init; }
    public string[]? Warnings { get; init; }
}

public sealed record VolumeCreateRequest
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Driver { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? DriverOpts { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Labels { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Name { get; init; }
}

public sealed record VolumesPruneReport
{
    public string[]? VolumesDeleted { get; init; }
    public ulong SpaceReclaimed { get; init; }
}
