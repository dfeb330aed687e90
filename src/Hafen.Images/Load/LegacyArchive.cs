using System.Text.Json;
using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>
/// Archives of Docker before 1.10: <c>repositories</c>, and a folder per layer with <c>json</c> and <c>layer.tar</c>, each naming its parent.
/// </summary>
internal static class LegacyArchive
{
    private const int MaxLayers = 1024;
    private static readonly string[] s_dropped = ["id", "parent", "Size", "parent_id", "layer_id", "throwaway"];

    public static List<ImagePlan> Plan(ArchiveContent content, byte[] repositories)
    {
        Dictionary<string, (ImagePlan Plan, List<ImageReference> Names)> images = [];
        foreach (var (repository, tags) in ImageDocuments.Parse(repositories, ImageJson.Plain.DictionaryStringDictionaryStringString, "repositories"))
        {
            foreach (var (tag, id) in tags ?? [])
            {
                if (id is null) throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid repositories: {repository}:{tag} is null");
                if (!images.TryGetValue(id, out var image))
                {
                    List<ImageReference> names = [];
                    images[id] = image = (PlanImage(content, id, names), names);
                }

                image.Names.Add(ArchiveImages.ParseName($"{repository}:{tag}"));
            }
        }

        return [.. images.Values.Select(i => i.Plan)];
    }

    private static ImagePlan PlanImage(ArchiveContent content, string top, List<ImageReference> names)
    {
        List<DockerV1Image> descriptions = [];
        List<ArchiveLayer> layers = [];
        for (string? id = top; !string.IsNullOrEmpty(id); id = descriptions[0].Parent)
        {
            if (layers.Count == MaxLayers) throw new ImageException(ImageErrorKind.InvalidArchive, "invalid archive: its layers name each other as parents");
            descriptions.Insert(0, ImageDocuments.Parse(Json(content, id), ImageJson.Plain.DockerV1Image, $"{id}/json"));
            layers.Insert(0, content.Layer($"{id}/layer.tar"));
        }

        var history = descriptions.Select(d => new ImageHistory
        {
            Created = d.Created,
            Author = d.Author,
            CreatedBy = string.Join(' ', d.ContainerConfig?.Cmd ?? []),
            Comment = d.Comment,
        });
        byte[] config = Configuration(Json(content, top), [.. layers.Select(l => l.DiffId.ToString())], [.. history]);
        return ImagePlan.Make(config, layers, names);
    }

    /// <summary>The topmost layer's description with the members that make it a configuration of today, names in order so that the ID is always the same.</summary>
    private static byte[] Configuration(byte[] v1, string[] diffIds, ImageHistory[] history)
    {
        using var document = JsonDocument.Parse(v1);
        SortedDictionary<string, JsonElement> members = new(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (!s_dropped.Contains(member.Name)) members[member.Name] = member.Value.Clone();
        }

        using var added = JsonDocument.Parse(JsonSerializer.SerializeToUtf8Bytes(
            new ImageConfig { Rootfs = new ImageRootfs { DiffIds = diffIds }, History = history }, ImageJson.Plain.ImageConfig));
        foreach (var member in added.RootElement.EnumerateObject()) members[member.Name] = member.Value.Clone();

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

    private static byte[] Json(ArchiveContent content, string id)
        => content.Document($"{id}/json") ?? throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid archive: the description {id}/json is missing");
}
