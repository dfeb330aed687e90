using Hafen.Errors;
using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>Finds out which kind of archive it was, and which images are in it.</summary>
internal static class ArchiveImages
{
    private const string ManifestName = "manifest.json", RepositoriesName = "repositories";

    /// <exception cref="ImageException">The archive is of no kind we know, or its parts do not fit together.</exception>
    public static IReadOnlyList<ImagePlan> Plan(ArchiveContent content)
    {
        // An archive that is docker-archive and OCI layout at once has its names in the former in full.
        PlannedImages images = new();
        if (content.Document(ManifestName) is { } manifest)
            PlanDockerArchive(content, manifest, images);
        else if (content.Document(OciLayout.IndexFileName) is { } index)
            new OciArchive(content, images).Plan(index);
        else if (content.Document(RepositoriesName) is { } repositories)
            new LegacyArchive(content, images).Plan(repositories);
        else
            throw new ImageException(ErrorKind.InvalidParameter, "invalid archive: does not contain a manifest.json");
        return images.ToPlans();
    }

    /// <exception cref="ImageException">The text is no name.</exception>
    public static ImageReference ParseName(string text)
        => ImageReference.TryParse(text, out var reference, out string? error)
            ? reference
            : throw new ImageException(ErrorKind.InvalidParameter, $"invalid tag \"{text}\": {error}");

    private static void PlanDockerArchive(ArchiveContent content, byte[] manifest, PlannedImages images)
    {
        foreach (var entry in ImageDocuments.Members(ImageDocuments.Parse(manifest, ImageJson.Plain.DockerArchiveEntryArray, ManifestName)))
        {
            if (string.IsNullOrEmpty(entry.Config))
                throw new ImageException(ErrorKind.InvalidParameter, "invalid manifest.json: an image has no Config");
            byte[] config = content.RequireDocument(entry.Config, $"the configuration {entry.Config}");
            images.Add(config, [.. (entry.Layers ?? []).Select(content.Layer)], [.. (entry.RepoTags ?? []).Select(ParseName)]);
        }
    }
}
