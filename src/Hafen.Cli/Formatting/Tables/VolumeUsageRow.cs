using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>A volume in <c>hafen system df --verbose</c>.</summary>
internal sealed class VolumeUsageRow(VolumeInspect volume) : ListingRow
{
    public const string Format = "table {{.Name}}\t{{.Links}}\t{{.Size}}";

    public static readonly IReadOnlyDictionary<string, string> Titles = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Links"] = "LINKS",
        ["Name"] = "VOLUME NAME",
        ["Size"] = "SIZE",
    };

    public override string TypeName => "*formatter.volumeContext";

    protected override IEnumerable<string> Columns => Titles.Keys;

    protected override object? Column(string name) => name switch
    {
        "Links" => volume.UsageData is { RefCount: >= 0 } usage ? usage.RefCount.ToString() : "N/A",
        "Size" => volume.UsageData is { Size: >= 0 } usage ? ByteSize.Human(usage.Size) : "N/A",
        _ => volume.Name,
    };
}
