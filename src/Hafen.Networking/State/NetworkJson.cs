using System.Text.Json.Serialization;

namespace Hafen.Networking.State;

/// <summary>The format of the state files.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(NetworkRecord))]
[JsonSerializable(typeof(ForwardingRecord))]
internal sealed partial class NetworkJson : JsonSerializerContext;
