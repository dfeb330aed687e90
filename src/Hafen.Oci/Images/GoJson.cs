using System.Text.Json;
using System.Text.Json.Serialization;

namespace Hafen.Oci.Images;

/// <summary>
/// How documents of images are read: as Go reads them, for Go has written most and what Docker takes is what people have. Names of members match whatever
/// their case; null is the zero value of its type, also inside lists and maps.
/// </summary>
internal static class GoJson
{
    public static void Apply(JsonSerializerOptions options)
    {
        options.PropertyNameCaseInsensitive = true;
        options.Converters.Add(new NumberConverter<int>(static (ref Utf8JsonReader reader, out int value) => reader.TryGetInt32(out value), static (writer, value) => writer.WriteNumberValue(value)));
        options.Converters.Add(new NumberConverter<long>(static (ref Utf8JsonReader reader, out long value) => reader.TryGetInt64(out value), static (writer, value) => writer.WriteNumberValue(value)));
        options.Converters.Add(new TextListConverter(orText: false));
        options.Converters.Add(new TextMapConverter());
    }

    private delegate bool TryGet<T>(ref Utf8JsonReader reader, out T value);

    private sealed class NumberConverter<T>(TryGet<T> tryGet, Action<Utf8JsonWriter, T> write) : JsonConverter<T> where T : struct
    {
        public override bool HandleNull => true;

        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType == JsonTokenType.Null)
                return default;
            return reader.TokenType == JsonTokenType.Number && tryGet(ref reader, out var value) ? value : throw new JsonException();
        }

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => write(writer, value);
    }

    private sealed class TextMapConverter : JsonConverter<Dictionary<string, string>>
    {
        public override Dictionary<string, string> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
                throw new JsonException();
            Dictionary<string, string> map = [];
            while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
            {
                string key = reader.GetString()!;
                reader.Read();
                map[key] = TextListConverter.Text(ref reader);
            }

            return map;
        }

        public override void Write(Utf8JsonWriter writer, Dictionary<string, string> value, JsonSerializerOptions options)
        {
            writer.WriteStartObject();
            foreach (var (key, text) in value)
                writer.WriteString(key, text);
            writer.WriteEndObject();
        }
    }
}

/// <summary>A list of texts.</summary>
/// <param name="orText">One text stands for a list of it, as Docker reads commands.</param>
internal class TextListConverter(bool orText) : JsonConverter<string[]>
{
    public override string[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (orText && reader.TokenType == JsonTokenType.String)
            return [reader.GetString()!];
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException();
        List<string> texts = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            texts.Add(Text(ref reader));
        return [.. texts];
    }

    public override void Write(Utf8JsonWriter writer, string[] value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (string text in value)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    public static string Text(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.Null => "",
        JsonTokenType.String => reader.GetString()!,
        _ => throw new JsonException(),
    };
}

/// <summary>A command: a list of words, or one word as text.</summary>
internal sealed class CommandConverter() : TextListConverter(orText: true);
