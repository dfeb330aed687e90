using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>One element of <c>GET /images/json</c>.</summary>
public sealed record ImageSummary
{
    /// <summary>Containers that use the image; -1 when not counted.</summary>
    public long Containers { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }
    public required string Id { get; init; }
    public IReadOnlyDictionary<string, string>? Labels { get; init; }
    public string? ParentId { get; init; }
    public required string[] RepoDigests { get; init; }
    public required string[] RepoTags { get; init; }

    /// <summary>Bytes shared with other images; -1 when not counted.</summary>
    public long SharedSize { get; init; }
    public long Size { get; init; }

    /// <summary>Sent to clients older than 1.44 only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? VirtualSize { get; init; }
}

/// <summary>Answer of <c>GET /images/{name}/json</c>.</summary>
public sealed record ImageInspect
{
    public required string Id { get; init; }
    public required string[] RepoTags { get; init; }
    public required string[] RepoDigests { get; init; }
    public string? Parent { get; init; }
    public string? Comment { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Created { get; init; }
    public string? DockerVersion { get; init; }
    public string? Author { get; init; }
    public ImageInspectConfig? Config { get; init; }
    public string? Architecture { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Variant { get; init; }
    public string? Os { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? OsVersion { get; init; }
    public long Size { get; init; }

    /// <summary>Sent to clients older than 1.44 only.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public long? VirtualSize { get; init; }
    public required GraphDriverData GraphDriver { get; init; }
    public required ImageRootFS RootFS { get; init; }
    public required ImageMetadata Metadata { get; init; }
}

/// <summary>An image's defaults for containers; members that are not set are absent, as since API 1.50.</summary>
public sealed record ImageInspectConfig
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? User { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, EmptyObject>? ExposedPorts { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Env { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Entrypoint { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Cmd { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, EmptyObject>? Volumes { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? WorkingDir { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Labels { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? StopSignal { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool ArgsEscaped { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public HealthConfig? Healthcheck { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? OnBuild { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Shell { get; init; }
}

public sealed record ImageRootFS
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Type { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string[]? Layers { get; init; }
}

public sealed record ImageMetadata
{
    public required string LastTagTime { get; init; }
}

/// <summary>One element of <c>GET /images/{name}/history</c>.</summary>
public sealed record ImageHistoryItem
{
    public string? Comment { get; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }
    public string? CreatedBy { get; init; }

    /// <summary>The image's ID for the newest entry, <c>&lt;missing&gt;</c> for the others.</summary>
    public required string Id { get; init; }
    public long Size { get; init; }
    public string[]? Tags { get; init; }
}

/// <summary>One line of an image removal: exactly one member is set.</summary>
public sealed record ImageDeleteResponse
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Deleted { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Untagged { get; init; }
}

public sealed record ImagesPruneReport
{
    public ImageDeleteResponse[]? ImagesDeleted { get; init; }
    public ulong SpaceReclaimed { get; init; }
}

/// <summary>Answer of <c>POST /build/prune</c>.</summary>
public sealed record BuildCachePruneReport
{
    public string[]? CachesDeleted { get; init; }
    public ulong SpaceReclaimed { get; init; }
}
