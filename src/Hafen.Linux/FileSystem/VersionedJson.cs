using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Hafen.Linux.FileSystem;

/// <summary>
/// JSON files that say the version of their shape in a member <c>version</c> (or <c>Version</c>); one that says none has the first. The version is read before
/// anything else is understood, because the rest of a newer file may mean something else (docs/decisions/0122).
/// </summary>
public static class VersionedJson
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="type">Its shape.</param>
    /// <param name="newest">The newest version that is known.</param>
    /// <exception cref="NewerVersionException">Its version is newer, or no number. This is so for a half-written file, too, whose version can still be read.</exception>
    /// <exception cref="JsonException">It is half-written, or not of this shape.</exception>
    /// <exception cref="IOException">It is missing or cannot be read.</exception>
    public static T Read<T>(string path, JsonTypeInfo<T> type, int newest)
        where T : class
    {
        byte[] content = File.ReadAllBytes(path);
        RequireKnown(path, content, newest);
        return JsonSerializer.Deserialize(content, type) ?? throw new JsonException($"{path} holds nothing");
    }

    private static void RequireKnown(string path, ReadOnlySpan<byte> content, int newest)
    {
        var reader = new Utf8JsonReader(content);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            return;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isVersion = reader.ValueTextEquals("version"u8) || reader.ValueTextEquals("Version"u8);
            reader.Read();
            if (!isVersion)
            {
                reader.Skip();
                continue;
            }
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt32(out int version) || version > newest)
                throw new NewerVersionException(path, Encoding.UTF8.GetString(reader.ValueSpan), newest);
            return;
        }
    }
}
