using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>A step of an image's making in <c>hafen history</c>.</summary>
internal sealed class HistoryRow(ImageHistoryItem item, bool truncate, bool human) : ListingRow
{
    public const string Format = "table {{.ID}}\t{{.CreatedSince}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";
    public const string ExactFormat = "table {{.ID}}\t{{.CreatedAt}}\t{{.CreatedBy}}\t{{.Size}}\t{{.Comment}}";

    /// <summary>2000-01-01: images with earlier dates carry no real one.</summary>
    private const long FirstRealDate = 946_684_800;

    public static readonly IReadOnlyDictionary<string, string> Titles = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Comment"] = "COMMENT",
        ["CreatedAt"] = "CREATED AT",
        ["CreatedBy"] = "CREATED BY",
        ["CreatedSince"] = "CREATED",
        ["ID"] = "IMAGE",
        ["Size"] = "SIZE",
    };

    public override string TypeName => "*image.historyContext";

    protected override IEnumerable<string> Columns => Titles.Keys;

    protected override object? Column(string name) => name switch
    {
        "Comment" => item.Comment ?? "",
        "CreatedAt" => GoTimeText.LocalRfc3339(item.Created),
        "CreatedBy" => CreatedBy(),
        "CreatedSince" => !human ? GoTimeText.LocalRfc3339(item.Created) : item.Created <= FirstRealDate ? "N/A" : Age.Since(item.Created),
        "ID" => truncate ? GoText.ShortId(item.Id) : item.Id,
        _ => human ? ByteSize.Human(item.Size, 3) : item.Size.ToString(),
    };

    private string CreatedBy()
    {
        string text = (item.CreatedBy ?? "").Replace('\t', ' ');
        return truncate ? GoText.Ellipsis(text, 45) : text;
    }
}
