using System.Text.Json.Serialization;

namespace Hafen.Oci.Images;

/// <summary>One image in a docker-archive's <c>manifest.json</c>; paths are relative to the archive's root.</summary>
public sealed record DockerArchiveEntry
{
    public string? Config { get; init; }
    public string[]? RepoTags { get; init; }
    public string[]? Layers { get; init; }
    /// <summary>Descriptors by diff ID, for layers that lie elsewhere or are compressed.</summary>
    public Dictionary<string, Descriptor>? LayerSources { get; init; }
}

/// <summary>A layer's <c>json</c> in archives of Docker before 1.10: the image's configuration at that layer.</summary>
public sealed record DockerV1Image
{
    [JsonPropertyName("id")] public string? Id { get; init; }
    [JsonPropertyName("parent")] public string? Parent { get; init; }
    [JsonPropertyName("created")] public DateTimeOffset? Created { get; init; }
    [JsonPropertyName("container_config")] public ImageProcessConfig? ContainerConfig { get; init; }
    [JsonPropertyName("config")] public ImageProcessConfig? Config { get; init; }
    [JsonPropertyName("author")] public string? Author { get; init; }
    [JsonPropertyName("comment")] public string? Comment { get; init; }
    [JsonPropertyName("architecture")] public string? Architecture { get; init; }
    [JsonPropertyName("os")] public string? Os { get; init; }
    [JsonPropertyName("docker_version")] public string? DockerVersion { get; init; }
    [JsonPropertyName("container")] public string? Container { get; init; }
    [JsonPropertyName("throwaway")] public bool? Throwaway { get; init; }
}
