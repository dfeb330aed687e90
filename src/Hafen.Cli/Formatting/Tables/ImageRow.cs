using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>An image under one of its names in <c>hafen images</c>.</summary>
internal sealed class ImageRow(ImageSummary image, string repository, string tag, string digest, bool truncate) : ListingRow
{
    private const string None = "<none>";
    public const string Format = "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}";
    public const string DigestFormat = "table {{.Repository}}\t{{.Tag}}\t{{.Digest}}\t{{.ID}}\t{{if .CreatedSince }}{{.CreatedSince}}{{else}}N/A{{end}}\t{{.Size}}";
    public const string RawFormat = "repository: {{ .Repository }}\ntag: {{.Tag}}\nimage_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n";
    public const string RawDigestFormat = "repository: {{ .Repository }}\ntag: {{.Tag}}\ndigest: {{.Digest}}\nimage_id: {{.ID}}\ncreated_at: {{.CreatedAt}}\nvirtual_size: {{.Size}}\n";

    public static readonly IReadOnlyDictionary<string, string> Titles = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Containers"] = "CONTAINERS",
        ["CreatedAt"] = "CREATED AT",
        ["CreatedSince"] = "CREATED",
        ["Digest"] = "DIGEST",
        ["ID"] = "IMAGE ID",
        ["Repository"] = "REPOSITORY",
        ["SharedSize"] = "SHARED SIZE",
        ["Size"] = "SIZE",
        ["Tag"] = "TAG",
        ["UniqueSize"] = "UNIQUE SIZE",
        ["VirtualSize"] = "SIZE",
    };

    public override string TypeName => "*formatter.imageContext";

    protected override IEnumerable<string> Columns => Titles.Keys;

    /// <summary>The rows of an image: one a tag, or one for a nameless image.</summary>
    /// <param name="image">The image.</param>
    /// <param name="truncate">Shorten IDs.</param>
    /// <param name="digestRows">A digest without a tag is a row of its own.</param>
    /// <param name="digestColumn">The format shows digests.</param>
    public static IEnumerable<ImageRow> Of(ImageSummary image, bool truncate, bool digestRows, bool digestColumn)
    {
        var tags = Names(image.RepoTags).Where(name => name.Tag is not null).GroupBy(name => name.Repository).ToList();
        var digests = Names(image.RepoDigests).Where(name => name.Digest is not null).ToLookup(name => name.Repository, name => name.Digest!);
        if (tags.Count == 0 && digests.Count == 0)
            yield return new ImageRow(image, None, None, None, truncate);
        foreach (var repository in tags)
        {
            foreach (var name in repository)
            {
                var shown = digestRows || digestColumn ? digests[repository.Key].ToList() : [];
                if (shown.Count == 0)
                    shown.Add(None);
                foreach (string digest in shown)
                    yield return new ImageRow(image, repository.Key, name.Tag!, digest, truncate);
            }
        }

        foreach (var repository in digests.Where(group => tags.TrueForAll(tagged => tagged.Key != group.Key)))
        {
            if (!digestRows)
            {
                yield return new ImageRow(image, repository.Key, None, "", truncate);
            }
            else
            {
                foreach (string digest in repository)
                    yield return new ImageRow(image, repository.Key, None, digest, truncate);
            }
        }
    }

    protected override object? Column(string name) => name switch
    {
        "Containers" => image.Containers == -1 ? "N/A" : image.Containers.ToString(),
        "CreatedAt" => GoTimeText.Local(image.Created),
        "CreatedSince" => Age.Since(image.Created),
        "Digest" => digest,
        "ID" => truncate ? GoText.ShortId(image.Id) : image.Id,
        "Repository" => repository,
        "SharedSize" => image.SharedSize == -1 ? "N/A" : ByteSize.Human(image.SharedSize),
        "Tag" => tag,
        "UniqueSize" => image.SharedSize == -1 || image.Size == -1 ? "N/A" : ByteSize.Human(image.Size - image.SharedSize),
        "VirtualSize" => ByteSize.Human(image.VirtualSize ?? image.Size),
        _ => ByteSize.Human(image.Size, 3),
    };

    private static IEnumerable<ImageName> Names(string[]? texts)
    {
        foreach (string text in texts ?? [])
        {
            if (ImageName.TryParse(text, out var name))
                yield return name;
        }
    }
}
