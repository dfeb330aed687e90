using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hafen.Api;

/// <summary>
/// Clients of the Engine API expect Go's zero string: a null string is written as <c>""</c>, and a JSON null is read as null.
/// Members that Docker omits when empty carry a <see cref="JsonIgnoreAttribute"/>.
/// </summary>
internal sealed class GoStringConverter : JsonConverter<string>
{
    public override bool HandleNull => true;

    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.TokenType == JsonTokenType.Null ? null : reader.GetString();

    public override void Write(Utf8JsonWriter writer, string? value, JsonSerializerOptions options)
        => writer.WriteStringValue(value ?? "");

    public override string ReadAsPropertyName(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        => reader.GetString()!;

    public override void WriteAsPropertyName(Utf8JsonWriter writer, string value, JsonSerializerOptions options)
        => writer.WritePropertyName(value);
}
