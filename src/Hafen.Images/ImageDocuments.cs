using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images;

/// <summary>Reads the JSON documents of images, with words for people when they are broken.</summary>
internal static class ImageDocuments
{
    /// <exception cref="ImageException">No configuration of an image.</exception>
    public static ImageConfig ParseConfig(ReadOnlySpan<byte> bytes)
    {
        bytes = WellFormed(bytes);
        try
        {
            var config = JsonSerializer.Deserialize(bytes, ImageJson.Plain.ImageConfig) ?? throw Invalid("image configuration", null);
            if (config.History is { } history && Array.Exists(history, h => h is null))
                config = config with { History = Members(history) };
            return config.Created is null ? config : config with { CreatedText = CreatedText(bytes) };
        }
        catch (JsonException exception)
        {
            throw Invalid("image configuration", exception);
        }
    }

    /// <summary>The member <c>created</c> as text: a <see cref="DateTimeOffset"/> holds no more than 100 nanoseconds.</summary>
    private static string? CreatedText(ReadOnlySpan<byte> document)
    {
        string? text = null;
        Utf8JsonReader reader = new(document);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1)
                continue;
            bool found = Ascii.EqualsIgnoreCase(reader.ValueSpan, "created"u8);
            reader.Read();
            // The last one counts, as for the other members.
            if (found)
                text = reader.GetString();
            reader.Skip();
        }

        return text;
    }

    /// <exception cref="ImageException">The configuration lists something that is no digest.</exception>
    public static Digest[] DiffIds(ImageConfig config)
    {
        string[] texts = config.Rootfs?.DiffIds ?? [];
        var ids = new Digest[texts.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            if (!Digest.TryParse(texts[i], out ids[i]))
                throw new ImageException(ErrorKind.InvalidParameter, $"invalid image configuration: {texts[i]} is no diff ID");
        }

        return ids;
    }

    /// <summary>The members of a JSON array; null stands for an empty one.</summary>
    public static T[] Members<T>(T?[]? array)
        where T : class, new()
        => [.. (array ?? []).Select(member => member ?? new T())];

    /// <exception cref="ImageException">No manifest, or a document that can be taken for an index as well (CVE-2021-41190).</exception>
    public static ImageManifest ParseManifest(ReadOnlySpan<byte> bytes)
    {
        var manifest = Parse(bytes, ImageJson.Plain.ImageManifest, "image manifest");
        var other = Parse(bytes, ImageJson.Plain.ImageIndex, "image manifest");
        if (other.Manifests is { Length: > 0 } || MediaTypes.IsIndex(manifest.MediaType))
            throw Ambiguous("image manifest", "an index", manifest.MediaType);
        return manifest;
    }

    /// <exception cref="ImageException">No index, or a document that can be taken for a manifest as well (CVE-2021-41190).</exception>
    public static ImageIndex ParseIndex(ReadOnlySpan<byte> bytes)
    {
        var index = Parse(bytes, ImageJson.Plain.ImageIndex, "image index");
        var other = Parse(bytes, ImageJson.Plain.ImageManifest, "image index");
        if (other.Config is not null || other.Layers is { Length: > 0 } || MediaTypes.IsManifest(index.MediaType))
            throw Ambiguous("image index", "a manifest", index.MediaType);
        return index;
    }

    public static T Parse<T>(ReadOnlySpan<byte> bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(WellFormed(bytes), type) ?? throw Invalid(what, null);
        }
        catch (JsonException exception)
        {
            throw Invalid(what, exception);
        }
    }

    /// <summary>As in Go, bytes that are no UTF-8 are replacement characters.</summary>
    private static ReadOnlySpan<byte> WellFormed(ReadOnlySpan<byte> bytes)
        => Utf8.IsValid(bytes) ? bytes : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(bytes));

    private static ImageException Ambiguous(string what, string other, string? mediaType)
        => new(ErrorKind.InvalidParameter, $"invalid {what}: media type \"{mediaType}\", and it has members of {other}");

    private static ImageException Invalid(string what, JsonException? inner)
        => new(
            ErrorKind.InvalidParameter,
            inner is null ? $"invalid {what}: it is empty" : $"invalid {what}: malformed JSON at {inner.Path}, line {inner.LineNumber + 1}, byte {inner.BytePositionInLine}",
            inner);
}
