using System.Text.Json.Serialization;

namespace Hafen.Engine.State.Disk;

/// <summary>JSON of the files under <c>containers/</c>. What is zero or null is not written, and what is not there is zero or null.</summary>
[JsonSourceGenerationOptions(
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(StoredContainer))]
[JsonSerializable(typeof(StoredState))]
internal sealed partial class DiskJson : JsonSerializerContext;
