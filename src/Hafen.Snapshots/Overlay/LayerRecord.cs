using System.Text.Json.Serialization;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Overlay;

/// <summary>The file <c>layer.json</c> of a committed layer.</summary>
internal sealed record LayerRecord
{
    public const int CurrentVersion = 1;

    /// <summary>Files of the first release have none.</summary>
    [JsonPropertyOrder(-1)] public int Version { get; } = CurrentVersion;
    /// <summary>Folder below <c>layers/</c> with the files.</summary>
    public required string Folder { get; init; }
    public required string DiffId { get; init; }
    public string? Parent { get; init; }
    /// <summary>Bytes of the files.</summary>
    public required long Size { get; init; }
    /// <summary>Bytes of the uncompressed tar.</summary>
    public required long TarSize { get; init; }
    /// <summary>As records of earlier versions have it; now it is a file of its own, which is read when it is needed.</summary>
    public IReadOnlyList<Replacement>? Replacements { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(LayerRecord))]
internal sealed partial class LayerRecordJson : JsonSerializerContext;
