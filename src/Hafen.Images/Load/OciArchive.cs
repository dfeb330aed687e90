using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Load;

/// <summary>Images of an OCI layout (image-spec, image-layout.md).</summary>
internal sealed class OciArchive(ArchiveContent content, PlannedImages images)
{
    private const string ContainerdName = "io.containerd.image.name";
    private const string OciRefName = "org.opencontainers.image.ref.name";
    // Deeper than anybody nests; more is a loop or an attack.
    private const int MaxNesting = 4;

    // An index that lists indexes that list indexes names few documents in many ways: each is looked into once.
    private readonly Dictionary<string, Choice> _choices = [];
    private readonly Dictionary<string, (byte[] Config, List<ArchiveLayer> Layers)> _manifests = [];

    public void Plan(byte[] indexBytes)
    {
        bool any = false;
        // The same image may be listed once per name.
        foreach (var group in Entries(ImageDocuments.ParseIndex(indexBytes)).GroupBy(d => NameOf(d)?.ToString() ?? "@" + d.Digest))
        {
            var choice = Choose([.. group], 0);
            if ((choice.Native ?? choice.Foreign) is not { } descriptor)
                continue;
            any = true;
            var (config, layers) = Manifest(descriptor);
            images.Add(config, layers, NameOf(group.First()) is { } name ? [name] : []);
        }

        if (!any)
            throw new ImageException(ErrorKind.InvalidParameter, "invalid archive: it holds no image");
    }

    private (byte[] Config, List<ArchiveLayer> Layers) Manifest(Descriptor descriptor)
    {
        if (_manifests.TryGetValue(descriptor.Digest!, out var known))
            return known;
        var manifest = ImageDocuments.ParseManifest(Blob(descriptor));
        byte[] config = Blob(manifest.Config ?? throw new ImageException(ErrorKind.InvalidParameter, "invalid image manifest: it has no config"));
        List<ArchiveLayer> layers = [];
        foreach (var layer in ImageDocuments.Members(manifest.Layers))
        {
            var unpacked = content.Layer(PathOf(layer, out _));
            if (unpacked.Blob.ToString() != layer.Digest)
            {
                throw new ImageException(ErrorKind.InvalidParameter, $"digest mismatch: expected {layer.Digest}, got {unpacked.Blob}");
            }

            layers.Add(unpacked);
        }

        return _manifests[descriptor.Digest!] = (config, layers);
    }

    private static Descriptor[] Entries(ImageIndex index) => ImageDocuments.Members(index.Manifests);

    /// <summary>The manifest for this machine among several and the first one for another, looking into nested indexes.</summary>
    private Choice Choose(IReadOnlyList<Descriptor> candidates, int nesting)
    {
        if (nesting > MaxNesting)
            throw new ImageException(ErrorKind.InvalidParameter, "invalid image index: nested too deeply");
        Descriptor? foreign = null;
        foreach (var candidate in candidates)
        {
            var choice = MediaTypes.IsIndex(candidate.MediaType) ? ChooseNested(candidate, nesting + 1)
                : !IsImage(candidate) ? default
                : HostPlatform.Matches(candidate.Platform) ? new Choice(candidate, null)
                : new Choice(null, candidate);
            if (choice.Native is not null)
                return choice;
            foreign ??= choice.Foreign;
        }

        return new Choice(null, foreign);
    }

    private Choice ChooseNested(Descriptor candidate, int nesting)
    {
        string digest = candidate.Digest ?? "";
        if (_choices.TryGetValue(digest, out var known))
            return known;
        return _choices[digest] = Choose(Entries(ImageDocuments.ParseIndex(Blob(candidate))), nesting);
    }

    private bool IsImage(Descriptor candidate)
    {
        // Attestations and other artifacts lie beside images and say so.
        if (!MediaTypes.IsManifest(candidate.MediaType) || candidate.ArtifactType is not null)
            return false;
        if (candidate.Annotations?.ContainsKey("vnd.docker.reference.type") == true || candidate.Platform is { Os: "unknown" })
            return false;
        // The one for this machine must be there; partial copies keep the index and leave other platforms' blobs out.
        return (candidate.Platform is not null && HostPlatform.Matches(candidate.Platform)) || content.Document(PathOf(candidate, out _)) is not null;
    }

    private static ImageReference? NameOf(Descriptor descriptor)
    {
        string? text = descriptor.Annotations?.GetValueOrDefault(ContainerdName) ?? descriptor.Annotations?.GetValueOrDefault(OciRefName);
        // A bare word is a tag by the specification, and a tag alone names nothing.
        return text is not null && text.AsSpan().ContainsAny('/', ':') ? ArchiveImages.ParseName(text) : null;
    }

    private byte[] Blob(Descriptor descriptor) => content.RequireBlob(PathOf(descriptor, out var digest), digest);

    private static string PathOf(Descriptor descriptor, out Digest digest)
        => Digest.TryParse(descriptor.Digest, out digest) && digest.Algorithm == "sha256"
            ? $"blobs/{digest.Algorithm}/{digest.Hex}"
            : throw new ImageException(ErrorKind.InvalidParameter, $"invalid archive: unsupported digest {descriptor.Digest}");

    private readonly record struct Choice(Descriptor? Native, Descriptor? Foreign);
}
