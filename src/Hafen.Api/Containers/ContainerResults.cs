using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>Answer of <c>GET /containers/{id}/top</c>.</summary>
public sealed record ContainerTop
{
    public required string[][] Processes { get; init; }
    public required string[] Titles { get; init; }
}

/// <summary>Answer of <c>POST /containers/{id}/wait</c>.</summary>
public sealed record WaitResponse
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public WaitError? Error { get; init; }
    public long StatusCode { get; init; }
}

public sealed record WaitError
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Message { get; init; }
}

public sealed record ContainersPruneReport
{
    public string[]? ContainersDeleted { get; init; }
    public ulong SpaceReclaimed { get; init; }
}

/// <summary>An answer that is nothing but an ID (exec create, commit).</summary>
public sealed record IdResponse
{
    public required string Id { get; init; }
}
