using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hafen.Daemon.Http;

/// <summary>JSON values as the Engine API sends them: HTML characters unescaped, a line end behind each.</summary>
public static class JsonLine
{
    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write<T>(IBufferWriter<byte> target, T value, JsonTypeInfo<T> shape)
    {
        using (var writer = new Utf8JsonWriter(target, s_options))
            JsonSerializer.Serialize(writer, value, shape);
        target.Write("\n"u8);
    }
}
