using System.Text.Json.Serialization;

namespace Hafen.Volumes;

/// <summary>The file <c>volume.json</c> beside a volume's content.</summary>
internal sealed record VolumeRecord
{
    public required string Name { get; init; }
    public required string Driver { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public Dictionary<string, string>? Options { get; init; }
    public Dictionary<string, string>? Labels { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(VolumeRecord))]
internal sealed partial class VolumeRecordJson : JsonSerializerContext;
