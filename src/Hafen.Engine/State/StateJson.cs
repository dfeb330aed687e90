using System.Text.Json.Serialization;

namespace Hafen.Engine.State;

/// <summary>JSON of the files under <c>containers/</c>.</summary>
[JsonSourceGenerationOptions(
    GenerationMode = JsonSourceGenerationMode.Metadata,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = false)]
[JsonSerializable(typeof(ContainerRecord))]
[JsonSerializable(typeof(ContainerState))]
public sealed partial class StateJson : JsonSerializerContext;
