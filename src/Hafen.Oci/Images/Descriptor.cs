using System.Text.Json.Serialization;

namespace Hafen.Oci.Images;

/// <summary>Points at content by digest (image-spec, descriptor.md).</summary>
public sealed record Descriptor
{
    [JsonPropertyName("mediaType")] public string? MediaType { get; init; }
    [JsonPropertyName("digest")] public string? Digest { get; init; }
    /// <summary>Bytes.</summary>
    [JsonPropertyName("size")] public long Size { get; init; }
    [JsonPropertyName("urls")] public string[]? Urls { get; init; }
    [JsonPropertyName("annotations")] public Dictionary<string, string>? Annotations { get; init; }
    [JsonPropertyName("platform")] public Platform? Platform { get; init; }
    [JsonPropertyName("artifactType")] public string? ArtifactType { get; init; }
}

/// <summary>What an image runs on (image-spec, image-index.md).</summary>
public sealed record Platform
{
    [JsonPropertyName("architecture")] public string? Architecture { get; init; }
    [JsonPropertyName("os")] public string? Os { get; init; }
    [JsonPropertyName("os.version")] public string? OsVersion { get; init; }
    [JsonPropertyName("os.features")] public string[]? OsFeatures { get; init; }
    [JsonPropertyName("variant")] public string? Variant { get; init; }
}
