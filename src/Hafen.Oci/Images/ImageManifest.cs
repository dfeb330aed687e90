using System.Text.Json.Serialization;

namespace Hafen.Oci.Images;

/// <summary>One image for one platform (image-spec, manifest.md; Docker's schema 2 has the same members).</summary>
public sealed record ImageManifest
{
    [JsonPropertyName("schemaVersion")] public int SchemaVersion { get; init; }
    [JsonPropertyName("mediaType")] public string? MediaType { get; init; }
    [JsonPropertyName("artifactType")] public string? ArtifactType { get; init; }
    [JsonPropertyName("config")] public Descriptor? Config { get; init; }
    [JsonPropertyName("layers")] public Descriptor[]? Layers { get; init; }
    [JsonPropertyName("annotations")] public Dictionary<string, string>? Annotations { get; init; }
}

/// <summary>Images for several platforms (image-spec, image-index.md), also an OCI layout's <c>index.json</c>.</summary>
public sealed record ImageIndex
{
    [JsonPropertyName("schemaVersion")] public int SchemaVersion { get; init; }
    [JsonPropertyName("mediaType")] public string? MediaType { get; init; }
    [JsonPropertyName("manifests")] public Descriptor[]? Manifests { get; init; }
    [JsonPropertyName("annotations")] public Dictionary<string, string>? Annotations { get; init; }
}

/// <summary>The file <c>oci-layout</c> (image-spec, image-layout.md).</summary>
public sealed record OciLayout
{
    public const string FileName = "oci-layout";
    public const string IndexFileName = "index.json";
    public const string Version = "1.0.0";

    [JsonPropertyName("imageLayoutVersion")] public required string ImageLayoutVersion { get; init; }
}
