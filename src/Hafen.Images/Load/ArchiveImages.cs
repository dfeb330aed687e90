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
        var plans = content.Document(ManifestName) is { } manifest ? PlanDockerArchive(content, manifest)
            : content.Document(OciLayout.IndexFileName) is { } index ? OciArchive.Plan(content, index)
            : content.Document(RepositoriesName) is { } repositories ? LegacyArchive.Plan(content, repositories)
            : throw new ImageException(ImageErrorKind.InvalidArchive, "invalid archive: does not contain a manifest.json");
        return plans.Count > 0 ? plans : throw new ImageException(ImageErrorKind.InvalidArchive, "invalid archive: it holds no image for this platform");
    }

    /// <exception cref="ImageException">The text is no name.</exception>
    public static ImageReference ParseName(string text)
        => ImageReference.TryParse(text, out var reference, out string? error)
            ? reference
            : throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid tag \"{text}\": {error}");

    private static List<ImagePlan> PlanDockerArchive(ArchiveContent content, byte[] manifest)
    {
        List<ImagePlan> plans = [];
        foreach (var entry in ImageDocuments.Members(ImageDocuments.Parse(manifest, ImageJson.Plain.DockerArchiveEntryArray, ManifestName), ManifestName))
        {
            string configName = entry.Config ?? throw new ImageException(ImageErrorKind.InvalidArchive, "invalid manifest.json: an image has no Config");
            byte[] config = content.Document(configName)
                ?? throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid archive: the configuration {configName} is missing");
            var layers = ImageDocuments.Members(entry.Layers, ManifestName).Select(content.Layer);
            var names = ImageDocuments.Members(entry.RepoTags, ManifestName).Select(ParseName);
            plans.Add(ImagePlan.Make(config, [.. layers], [.. names]));
        }

        return plans;
    }
}
