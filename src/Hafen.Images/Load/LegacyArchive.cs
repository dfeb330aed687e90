using System.Text.Json;
using Hafen.Errors;
using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>
/// Archives of Docker before 1.10: <c>repositories</c>, and a folder per layer with <c>json</c> and <c>layer.tar</c>, each naming its parent.
/// </summary>
internal sealed class LegacyArchive(ArchiveContent content, PlannedImages images)
{
    private const int MaxLayers = 1024;
    // Each image gets a configuration that lists all its layers; many images above one long chain are far more than the archive.
    private const long MostMade = 64 << 20;
    private static readonly string[] s_dropped = ["id", "parent", "Size", "parent_id", "layer_id", "throwaway"];

    // By the description's bytes: one description can be named in many ways.
    private readonly Dictionary<byte[], DockerV1Image> _descriptions = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<byte[], (byte[] Config, List<ArchiveLayer> Layers)> _made = new(ReferenceEqualityComparer.Instance);
    private long _bytesMade;

    public void Plan(byte[] repositories)
    {
        foreach (var (repository, tags) in ImageDocuments.Parse(repositories, ImageJson.Plain.DictionaryStringDictionaryStringString, "repositories"))
        {
            foreach (var (tag, id) in tags ?? [])
            {
                if (id.Length == 0)
                    throw new ImageException(ErrorKind.InvalidParameter, $"invalid repositories: {repository}:{tag} is empty");
                var (config, layers) = Make(id);
                images.Add(config, layers, [ArchiveImages.ParseName($"{repository}:{tag}")]);
            }
        }
    }

    private (byte[] Config, List<ArchiveLayer> Layers) Make(string top)
    {
        byte[] document = Json(top);
        if (_made.TryGetValue(document, out var known))
            return known;
        List<DockerV1Image> descriptions = [];
        List<ArchiveLayer> layers = [];
        for (string? id = top; !string.IsNullOrEmpty(id); id = descriptions[^1].Parent)
        {
            if (layers.Count == MaxLayers)
                throw new ImageException(ErrorKind.InvalidParameter, "invalid archive: its layers name each other as parents");
            descriptions.Add(Describe(id));
            layers.Add(content.Layer($"{id}/layer.tar"));
        }

        descriptions.Reverse();
        layers.Reverse();
        var history = descriptions.Select(d => new ImageHistory
        {
            Created = d.Created,
            Author = d.Author,
            CreatedBy = string.Join(' ', d.ContainerConfig?.Cmd ?? []),
            Comment = d.Comment,
        });
        byte[] config;
        try
        {
            config = Configuration(document, [.. layers.Select(l => l.DiffId.ToString())], [.. history]);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // A name or text that is half a character, in a member that nobody has read so far.
            throw new ImageException(ErrorKind.InvalidParameter, $"invalid {top}/json: {exception.Message}", exception);
        }

        if ((_bytesMade += config.Length) > MostMade)
            throw new ImageException(ErrorKind.InvalidParameter, "invalid archive: its images have too long a history");
        return _made[document] = (config, layers);
    }

    private DockerV1Image Describe(string id)
    {
        byte[] document = Json(id);
        if (!_descriptions.TryGetValue(document, out var description))
        {
            _descriptions[document] = description = ImageDocuments.Parse(document, ImageJson.Plain.DockerV1Image, $"{id}/json");
        }

        return description;
    }

    /// <summary>The topmost layer's description with the members that make it a configuration of today, names in order so that the ID is always the same.</summary>
    private static byte[] Configuration(byte[] v1, string[] diffIds, ImageHistory[] history)
    {
        using var document = JsonDocument.Parse(v1);
        SortedDictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!s_dropped.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
                members[member.Name] = member.Value;
        }

        using var added = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(
            new ImageConfig { Rootfs = new ImageRootfs { DiffIds = diffIds }, History = history }, ImageJson.Plain.ImageConfig));
        foreach (var member in added.RootElement.EnumerateObject())
            members[member.Name] = member.Value;

        using MemoryStream target = new();
        using (Utf8JsonWriter writer = new(target))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in members)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        return target.ToArray();
    }

    private byte[] Json(string id) => content.RequireDocument($"{id}/json", $"the description {id}/json");
}
