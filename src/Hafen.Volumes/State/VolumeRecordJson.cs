using System.Text.Json.Serialization;

namespace Hafen.Volumes.State;

/// <summary>How records stand on the disk.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(VolumeRecord))]
[JsonSerializable(typeof(VolumeRecordVersion))]
internal sealed partial class VolumeRecordJson : JsonSerializerContext;
