using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>One message of <c>GET /events</c>.</summary>
public sealed record EventMessage
{
    /// <summary>Old form of <see cref="Action"/>, for container and image events.</summary>
    [JsonPropertyName("status"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Status { get; init; }
    /// <summary>Old form of the actor's ID.</summary>
    [JsonPropertyName("id"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Id { get; init; }
    /// <summary>Old form of the actor's image.</summary>
    [JsonPropertyName("from"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? From { get; init; }

    /// <summary><c>container image network volume daemon …</c></summary>
    public required string Type { get; init; }
    public required string Action { get; init; }
    public required EventActor Actor { get; init; }
    [JsonPropertyName("scope"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Scope { get; init; }

    /// <summary>Seconds since 1970.</summary>
    [JsonPropertyName("time")] public long Time { get; init; }
    /// <summary>Nanoseconds since 1970.</summary>
    [JsonPropertyName("timeNano")] public long TimeNano { get; init; }
}

public sealed record EventActor
{
    public required string ID { get; init; }
    public required IReadOnlyDictionary<string, string> Attributes { get; init; }
}
