using Hafen.Api;
using Hafen.Cli.Formatting.Units;

namespace Hafen.Cli.Formatting.Tables;

/// <summary>A container in <c>hafen ps</c>.</summary>
internal sealed class ContainerRow(ContainerSummary container, bool truncate) : ListingRow
{
    public const string Format = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.RunningFor}}\t{{.Status}}\t{{.Ports}}\t{{.Names}}";
    public const string SizeColumn = "\t{{.Size}}";

    public const string RawFormat =
        "container_id: {{.ID}}\nimage: {{.Image}}\ncommand: {{.Command}}\ncreated_at: {{.CreatedAt}}\nstate: {{- pad .State 1 0}}\n"
        + "status: {{- pad .Status 1 0}}\nnames: {{.Names}}\nlabels: {{- pad .Labels 1 0}}\nports: {{- pad .Ports 1 0}}\n";

    public static readonly IReadOnlyDictionary<string, string> Titles = new SortedDictionary<string, string>(StringComparer.Ordinal)
    {
        ["Command"] = "COMMAND",
        ["CreatedAt"] = "CREATED AT",
        ["ID"] = "CONTAINER ID",
        ["Image"] = "IMAGE",
        ["Labels"] = "LABELS",
        ["LocalVolumes"] = "LOCAL VOLUMES",
        ["Mounts"] = "MOUNTS",
        ["Names"] = "NAMES",
        ["Networks"] = "NETWORKS",
        ["Platform"] = "PLATFORM",
        ["Ports"] = "PORTS",
        ["RunningFor"] = "CREATED",
        ["Size"] = "SIZE",
        ["State"] = "STATE",
        ["Status"] = "STATUS",
    };

    public override string TypeName => "*formatter.ContainerContext";

    protected override IEnumerable<string> Columns => Titles.Keys;

    protected override object? Column(string name) => name switch
    {
        "Command" => GoText.Quote(truncate ? GoText.Ellipsis(container.Command ?? "", 20) : container.Command ?? ""),
        "CreatedAt" => GoTimeText.Local(container.Created),
        "ID" => truncate ? GoText.ShortId(container.Id) : container.Id,
        "Image" => Image(),
        "Labels" => string.Join(',', container.Labels.Select(label => $"{label.Key}={label.Value}").Order(StringComparer.Ordinal)),
        "LocalVolumes" => container.Mounts.Count(mount => mount.Driver == "local").ToString(),
        "Mounts" => string.Join(',', container.Mounts.Select(Mount)),
        "Names" => Names(),
        "Networks" => string.Join(',', container.NetworkSettings?.Networks.Keys.Order(StringComparer.Ordinal) ?? Enumerable.Empty<string>()),
        "Platform" => null,
        "Ports" => PublishedPorts.Describe(container.Ports),
        "RunningFor" => Age.Since(container.Created),
        "Size" => Size(),
        "State" => container.State,
        _ => container.Status,
    };

    protected override bool TryCall(string name, IReadOnlyList<object?> arguments, out object? value)
    {
        value = name == "Label" && arguments is [string label] ? container.Labels.GetValueOrDefault(label, "") : null;
        return value is not null;
    }

    private string Names()
    {
        var names = container.Names.Select(name => name.TrimStart('/'));
        return truncate ? names.FirstOrDefault(name => !name.Contains('/', StringComparison.Ordinal)) ?? "" : string.Join(',', names);
    }

    private string Image()
    {
        if (string.IsNullOrEmpty(container.Image))
            return "<no image>";
        if (!truncate)
            return container.Image;
        string id = GoText.ShortId(container.ImageID ?? "");
        if (id.Length > 0 && id == GoText.ShortId(container.Image))
            return id;
        return ImageName.TryParse(container.Image, out var name) ? (name with { Digest = null }).Familiar : container.Image;
    }

    private string Mount(MountPoint mount)
    {
        string name = string.IsNullOrEmpty(mount.Name) ? mount.Source ?? "" : mount.Name;
        return truncate ? GoText.Ellipsis(name, 15) : name;
    }

    private string Size()
    {
        string own = ByteSize.Human(container.SizeRw, 3);
        return container.SizeRootFs > 0 ? $"{own} (virtual {ByteSize.Human(container.SizeRootFs, 3)})" : own;
    }
}
