using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hafen.Api;

/// <summary>
/// Go's rule for <c>null</c> in a request, which clients rely on that send every field they know: a member that is null is as good as absent, and
/// an element of a list or map that is null is the zero value of its type (<c>""</c>, <c>0</c>, <c>false</c>, <c>{}</c>).
/// </summary>
public static class GoNulls
{
    /// <summary>
    /// The same request without nulls. Text without any is returned as it is, and so is text that is no JSON: whoever reads it says what is wrong.
    /// </summary>
    /// <param name="shape">What the request is read as; what it does not know is left alone.</param>
    public static ReadOnlyMemory<byte> Resolve(ReadOnlyMemory<byte> json, JsonTypeInfo shape)
    {
        if (json.Span.IndexOf("null"u8) < 0)
            return json;
        try
        {
            var resolved = new ArrayBufferWriter<byte>(json.Length);
            var reader = new Utf8JsonReader(json.Span);
            reader.Read();
            if (reader.TokenType == JsonTokenType.Null)
                return json;
            CopyValue(ref reader, json.Span, shape, resolved);
            // Whatever stands behind the value is the reader's business, too.
            resolved.Write(json.Span[(int)reader.BytesConsumed..]);
            return resolved.WrittenMemory;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return json;
        }
    }

    private static void CopyValue(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo? shape, ArrayBufferWriter<byte> target)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                CopyObject(ref reader, json, shape, target);
                break;
            case JsonTokenType.StartArray:
                CopyList(ref reader, json, shape, target);
                break;
            default:
                target.Write(json[(int)reader.TokenStartIndex..(int)reader.BytesConsumed]);
                break;
        }
    }

    private static void CopyObject(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo? shape, ArrayBufferWriter<byte> target)
    {
        bool isMap = shape?.Kind == JsonTypeInfoKind.Dictionary;
        bool first = true;
        target.Write("{"u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = json[(int)reader.TokenStartIndex..((int)reader.TokenStartIndex + reader.ValueSpan.Length + 2)];
            var member = isMap ? Element(shape) : Member(shape, reader.GetString()!);
            reader.Read();
            bool isNull = reader.TokenType == JsonTokenType.Null;
            if (isNull && !isMap)
                continue;
            if (!first)
                target.Write(","u8);
            first = false;
            target.Write(name);
            target.Write(":"u8);
            if (isNull)
                target.Write(Zero(member, inList: false));
            else
                CopyValue(ref reader, json, member, target);
        }
        target.Write("}"u8);
    }

    private static void CopyList(ref Utf8JsonReader reader, ReadOnlySpan<byte> json, JsonTypeInfo? shape, ArrayBufferWriter<byte> target)
    {
        var element = shape?.Kind == JsonTypeInfoKind.Enumerable ? Element(shape) : null;
        bool first = true;
        target.Write("["u8);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!first)
                target.Write(","u8);
            first = false;
            if (reader.TokenType == JsonTokenType.Null)
                target.Write(Zero(element, inList: true));
            else
                CopyValue(ref reader, json, element, target);
        }
        target.Write("]"u8);
    }

    private static JsonTypeInfo? Element(JsonTypeInfo? shape) => shape?.ElementType is { } type ? shape.Options.GetTypeInfo(type) : null;

    private static JsonTypeInfo? Member(JsonTypeInfo? shape, string name)
    {
        if (shape?.Kind != JsonTypeInfoKind.Object)
            return null;
        foreach (var property in shape.Properties)
        {
            if (property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
                return shape.Options.GetTypeInfo(property.PropertyType);
        }
        return null;
    }

    /// <summary>The zero value of an element. A list in a map may be absent, and so may what Go keeps behind a pointer.</summary>
    private static ReadOnlySpan<byte> Zero(JsonTypeInfo? shape, bool inList) => shape switch
    {
        null => "null"u8,
        { Kind: JsonTypeInfoKind.Enumerable } => inList ? "[]"u8 : "null"u8,
        { Kind: JsonTypeInfoKind.Dictionary } => "{}"u8,
        { Kind: JsonTypeInfoKind.Object } => shape.Type == typeof(EndpointSettings) ? "null"u8 : "{}"u8,
        _ when shape.Type == typeof(string) => "\"\""u8,
        _ when shape.Type == typeof(bool) => "false"u8,
        _ when shape.Type.IsPrimitive => "0"u8,
        _ => "null"u8,
    };
}
