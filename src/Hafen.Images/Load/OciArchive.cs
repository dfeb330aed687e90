using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>Images of an OCI layout (image-spec, image-layout.md).</summary>
internal static class OciArchive
{
    private const string ContainerdName = "io.containerd.image.name";
    private const string OciRefName = "org.opencontainers.image.ref.name";
    // Deeper than anybody nests; more is a loop or an attack.
    private const int MaxNesting = 4;

    public static List<ImagePlan> Plan(ArchiveContent content, byte[] indexBytes)
    {
        var index = ImageDocuments.ParseIndex(indexBytes);
        // The same image may be listed once per name.
        Dictionary<string, (Descriptor Manifest, List<ImageReference> Names)> images = [];
        foreach (var group in Entries(index).GroupBy(d => NameOf(d)?.ToString() ?? "@" + d.Digest))
        {
            var descriptor = Choose(content, [.. group], 0);
            if (descriptor is null) continue;
            if (!images.TryGetValue(descriptor.Digest, out var image)) images[descriptor.Digest] = image = (descriptor, []);
            if (NameOf(group.First()) is { } name) image.Names.Add(name);
        }

        return [.. images.Values.Select(i => PlanImage(content, i.Manifest, i.Names))];
    }

    private static ImagePlan PlanImage(ArchiveContent content, Descriptor descriptor, List<ImageReference> names)
    {
        var manifest = ImageDocuments.ParseManifest(Blob(content, descriptor));
        var configDescriptor = manifest.Config ?? throw new ImageException(ImageErrorKind.InvalidArchive, "invalid image manifest: it has no config");
        byte[] config = Blob(content, configDescriptor);
        List<ArchiveLayer> layers = [];
        foreach (var layer in ImageDocuments.Members(manifest.Layers, "image manifest"))
        {
            var unpacked = content.Layer(PathOf(layer));
            if (unpacked.Blob.ToString() != layer.Digest)
            {
                throw new ImageException(ImageErrorKind.InvalidArchive, $"digest mismatch: expected {layer.Digest}, got {unpacked.Blob}");
            }

            layers.Add(unpacked);
        }

        return ImagePlan.Make(config, layers, names);
    }

    private static Descriptor[] Entries(ImageIndex index) => ImageDocuments.Members(index.Manifests, "image index");

    /// <summary>The manifest for this machine among several, looking into nested indexes; null when there is none.</summary>
    private static Descriptor? Choose(ArchiveContent content, IReadOnlyList<Descriptor> candidates, int nesting)
    {
        if (nesting > MaxNesting) throw new ImageException(ImageErrorKind.InvalidArchive, "invalid image index: nested too deeply");
        foreach (var candidate in candidates)
        {
            if (MediaTypes.IsIndex(candidate.MediaType))
            {
                var nested = ImageDocuments.ParseIndex(Blob(content, candidate));
                if (Choose(content, Entries(nested), nesting + 1) is { } found) return found;
            }
            else if (IsImage(content, candidate))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool IsImage(ArchiveContent content, Descriptor candidate)
    {
        // Attestations and other artifacts lie beside images and say so.
        if (!MediaTypes.IsManifest(candidate.MediaType) || candidate.ArtifactType is not null) return false;
        if (candidate.Annotations?.ContainsKey("vnd.docker.reference.type") == true) return false;
        if (candidate.Platform is { } platform) return HostPlatform.Matches(platform);
        // Partial copies keep the index and leave other platforms' blobs out.
        if (content.Document(PathOf(candidate)) is null) return false;
        return true;
    }

    private static ImageReference? NameOf(Descriptor descriptor)
    {
        string? text = descriptor.Annotations?.GetValueOrDefault(ContainerdName) ?? descriptor.Annotations?.GetValueOrDefault(OciRefName);
        // A bare word is a tag by the specification, and a tag alone names nothing.
        return text is not null && text.AsSpan().ContainsAny('/', ':') ? ArchiveImages.ParseName(text) : null;
    }

    private static byte[] Blob(ArchiveContent content, Descriptor descriptor)
    {
        byte[] bytes = content.Document(PathOf(descriptor))
            ?? throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid archive: the blob {descriptor.Digest} is missing");
        return Digest.OfSha256(bytes).ToString() == descriptor.Digest
            ? bytes
            : throw new ImageException(ImageErrorKind.InvalidArchive, $"digest mismatch: expected {descriptor.Digest}, got {Digest.OfSha256(bytes)}");
    }

    private static string PathOf(Descriptor descriptor)
        => Digest.TryParse(descriptor.Digest, out var digest) && digest.Algorithm == "sha256"
            ? $"blobs/{digest.Algorithm}/{digest.Hex}"
            : throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid archive: unsupported digest {descriptor.Digest}");
}
