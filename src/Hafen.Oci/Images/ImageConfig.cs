using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hafen.Oci.Images;

/// <summary>Image configuration (image-spec, config.md) with the members Docker adds.</summary>
public sealed record ImageConfig
{
    [JsonPropertyName("created")] public DateTimeOffset? Created { get; init; }
    /// <summary>As it stands in the document, to the nanosecond; null when the configuration was not read from one.</summary>
    [JsonIgnore] public string? CreatedText { get; init; }
    [JsonPropertyName("author")] public string? Author { get; init; }
    [JsonPropertyName("architecture")] public string? Architecture { get; init; }
    [JsonPropertyName("variant")] public string? Variant { get; init; }
    [JsonPropertyName("os")] public string? Os { get; init; }
    [JsonPropertyName("os.version")] public string? OsVersion { get; init; }
    [JsonPropertyName("config")] public ImageProcessConfig? Config { get; init; }
    [JsonPropertyName("rootfs")] public ImageRootfs? Rootfs { get; init; }
    [JsonPropertyName("history")] public ImageHistory[]? History { get; init; }
    [JsonPropertyName("comment")] public string? Comment { get; init; }
    [JsonPropertyName("docker_version")] public string? DockerVersion { get; init; }
    [JsonPropertyName("container")] public string? Container { get; init; }
    [JsonPropertyName("parent")] public string? Parent { get; init; }
}

/// <summary>Defaults for containers of the image.</summary>
public sealed record ImageProcessConfig
{
    public string? Hostname { get; init; }
    public string? Domainname { get; init; }
    public string? User { get; init; }
    public Dictionary<string, JsonElement>? ExposedPorts { get; init; }
    public string[]? Env { get; init; }
    [JsonConverter(typeof(CommandConverter))] public string[]? Cmd { get; init; }
    [JsonConverter(typeof(CommandConverter))] public string[]? Entrypoint { get; init; }
    public bool? ArgsEscaped { get; init; }
    public Dictionary<string, JsonElement>? Volumes { get; init; }
    public string? WorkingDir { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
    public string? StopSignal { get; init; }
    public int? StopTimeout { get; init; }
    [JsonConverter(typeof(CommandConverter))] public string[]? Shell { get; init; }
    public string[]? OnBuild { get; init; }
    public ImageHealthcheck? Healthcheck { get; init; }
}

/// <summary>Durations in nanoseconds.</summary>
public sealed record ImageHealthcheck
{
    public string[]? Test { get; init; }
    public long? Interval { get; init; }
    public long? Timeout { get; init; }
    public long? StartPeriod { get; init; }
    public long? StartInterval { get; init; }
    public int? Retries { get; init; }
}

public sealed record ImageRootfs
{
    [JsonPropertyName("type")] public string Type { get; init; } = "layers";
    [JsonPropertyName("diff_ids")] public string[] DiffIds { get; init; } = [];
}

public sealed record ImageHistory
{
    [JsonPropertyName("created")] public DateTimeOffset? Created { get; init; }
    [JsonPropertyName("created_by")] public string? CreatedBy { get; init; }
    [JsonPropertyName("author")] public string? Author { get; init; }
    [JsonPropertyName("comment")] public string? Comment { get; init; }
    [JsonPropertyName("empty_layer")] public bool? EmptyLayer { get; init; }
}
