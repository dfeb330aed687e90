using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>Body of every answer that reports a failure.</summary>
public sealed record ErrorResponse
{
    [JsonPropertyName("message")] public required string Message { get; init; }
}
