using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>Answer of <c>GET /version</c>.</summary>
public sealed record SystemVersion
{
    public required SystemPlatform Platform { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public ComponentVersion[]? Components { get; init; }
    public required string Version { get; init; }
    public required string ApiVersion { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? MinAPIVersion { get; init; }
    public string? GitCommit { get; init; }
    public string? GoVersion { get; init; }
    public required string Os { get; init; }
    public required string Arch { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? KernelVersion { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Experimental { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? BuildTime { get; init; }
}

public sealed record SystemPlatform
{
    public string? Name { get; init; }
}

public sealed record ComponentVersion
{
    public required string Name { get; init; }
    public required string Version { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public Dictionary<string, string>? Details { get; init; }
}
