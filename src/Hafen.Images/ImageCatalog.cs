using System.Collections.Immutable;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images;

/// <summary>An immutable picture of all images and names. Changes make a new one; readers keep theirs.</summary>
internal sealed record ImageCatalog(ImmutableDictionary<Digest, CatalogImage> Images, ImmutableDictionary<ImageReference, Digest> References)
{
    public static ImageCatalog Empty { get; } = new(ImmutableDictionary<Digest, CatalogImage>.Empty, ImmutableDictionary<ImageReference, Digest>.Empty);

    public ImageCatalog WithImage(CatalogImage image) => this with { Images = Images.SetItem(image.Id, image) };

    public ImageCatalog WithReference(ImageReference reference, Digest id, DateTimeOffset? now)
        => this with
        {
            References = References.SetItem(reference, id),
            Images = now is null ? Images : Images.SetItem(id, Images[id] with { LastTagged = now }),
        };

    public ImageCatalog WithoutReference(ImageReference reference) => this with { References = References.Remove(reference) };

    public ImageCatalog WithoutImage(Digest id) => this with { Images = Images.Remove(id) };

    /// <summary>Names of an image in a fixed order: those with tags first, each by its text.</summary>
    public List<ImageReference> ReferencesOf(Digest id) => InOrder(References.Where(r => r.Value == id).Select(r => r.Key));

    public Image ToImage(Digest id) => ToImage(id, ReferencesOf(id));

    /// <summary>As <see cref="ToImage(Digest)"/> for many: the names are looked through once.</summary>
    public IReadOnlyList<Image> ToImages(IEnumerable<Digest> ids)
    {
        var names = NamesById();
        return [.. ids.Select(id => ToImage(id, InOrder(names[id])))];
    }

    public ImageIndexFile ToFile()
    {
        var names = NamesById();
        return new()
        {
            Images = Images.Values.OrderBy(i => i.Id.ToString(), StringComparer.Ordinal).ToDictionary(
                i => i.Id.ToString(),
                i => new ImageIndexFile.Entry { References = [.. InOrder(names[i.Id]).Select(r => r.ToString())], LastTagged = i.LastTagged }),
        };
    }

    private ILookup<Digest, ImageReference> NamesById() => References.ToLookup(r => r.Value, r => r.Key);

    private static List<ImageReference> InOrder(IEnumerable<ImageReference> names)
        => [.. names.OrderBy(r => r.Tag is null).ThenBy(r => r.ToString(), StringComparer.Ordinal)];

    private Image ToImage(Digest id, List<ImageReference> references)
    {
        var image = Images[id];
        return new Image
        {
            Id = id,
            Config = image.Config,
            Tags = [.. references.Where(r => r.Tag is not null).Select(r => r with { Digest = null })],
            RepoDigests = [.. references.Where(r => r.Digest is not null).Select(r => $"{r.FamiliarName}@{r.Digest}").Distinct()],
            TopLayer = image.ChainIds.Length == 0 ? null : image.ChainIds[^1],
            Size = image.Size,
            LastTagged = image.LastTagged,
        };
    }
}

/// <param name="Id">Digest of the config's bytes.</param>
/// <param name="ChainIds">Of its layers, lowest first.</param>
/// <param name="Size">Sum of the layers' sizes in bytes.</param>
internal sealed record CatalogImage(Digest Id, ImageConfig Config, Digest[] ChainIds, long Size, DateTimeOffset? LastTagged);
