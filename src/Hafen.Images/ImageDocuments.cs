using System.Text.Json;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images;

/// <summary>Reads the JSON documents of images, with words for people when they are broken.</summary>
internal static class ImageDocuments
{
    /// <exception cref="ImageException">No configuration of an image.</exception>
    public static ImageConfig ParseConfig(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var config = JsonSerializer.Deserialize(bytes, ImageJson.Plain.ImageConfig) ?? throw Invalid("image configuration", null);
            Members(config.History, "image configuration");
            Members(config.Config?.Env, "image configuration");
            return config.Created is null ? config : config with { CreatedText = CreatedText(bytes) };
        }
        catch (JsonException e)
        {
            throw Invalid("image configuration", e);
        }
    }

    /// <summary>The member <c>created</c> as text: a <see cref="DateTimeOffset"/> holds no more than 100 nanoseconds.</summary>
    private static string? CreatedText(ReadOnlySpan<byte> document)
    {
        Utf8JsonReader reader = new(document);
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName || reader.CurrentDepth != 1) continue;
            bool found = reader.ValueTextEquals("created"u8);
            reader.Read();
            if (found) return reader.GetString();
            reader.Skip();
        }

        return null;
    }

    /// <exception cref="ImageException">The configuration lists something that is no digest.</exception>
    public static Digest[] DiffIds(ImageConfig config)
    {
        string[] texts = config.Rootfs?.DiffIds ?? [];
        var ids = new Digest[texts.Length];
        for (int i = 0; i < ids.Length; i++)
        {
            if (!Digest.TryParse(texts[i], out ids[i])) throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid image configuration: {texts[i]} is no diff ID");
        }

        return ids;
    }

    /// <summary>The members of a JSON array, none of them null.</summary>
    /// <exception cref="ImageException">One of them is null.</exception>
    public static T[] Members<T>(T?[]? array, string what)
        where T : class
    {
        var members = new T[array?.Length ?? 0];
        for (int i = 0; i < members.Length; i++)
        {
            members[i] = array![i] ?? throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid {what}: a member of a list is null");
        }

        return members;
    }

    public static ImageManifest ParseManifest(ReadOnlySpan<byte> bytes) => Parse(bytes, ImageJson.Plain.ImageManifest, "image manifest");

    public static ImageIndex ParseIndex(ReadOnlySpan<byte> bytes) => Parse(bytes, ImageJson.Plain.ImageIndex, "image index");

    public static T Parse<T>(ReadOnlySpan<byte> bytes, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string what)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, type) ?? throw Invalid(what, null);
        }
        catch (JsonException e)
        {
            throw Invalid(what, e);
        }
    }

    private static ImageException Invalid(string what, JsonException? inner)
        => new(
            ImageErrorKind.InvalidArchive,
            inner is null ? $"invalid {what}: it is empty" : $"invalid {what}: malformed JSON at {inner.Path}, line {inner.LineNumber + 1}, byte {inner.BytePositionInLine}",
            inner);
}
