using System.Text.Json.Serialization;

namespace Hafen.Oci.Runtime;

/// <summary>JSON context of the runtime specification: camelCase members, absent members omitted.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(RuntimeSpec))]
[JsonSerializable(typeof(SpecProcess))]
[JsonSerializable(typeof(SpecSeccomp))]
[JsonSerializable(typeof(SpecResources))]
public sealed partial class RuntimeSpecJson : JsonSerializerContext;
