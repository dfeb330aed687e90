using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Formatting.Templates;
using Hafen.Cli.Session;
using Hafen.Client.Containers;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen ps</c>.</summary>
internal sealed class List : Command
{
    private readonly ValueFlag<bool> all;
    private readonly ListFlag<KeyValuePair<string, string>> filters;
    private readonly ValueFlag<string> format;
    private readonly ValueFlag<long> last;
    private readonly ValueFlag<bool> latest;
    private readonly ValueFlag<bool> noTruncation;
    private readonly ValueFlag<bool> quiet;
    private readonly ValueFlag<bool> size;

    public List()
        : base("[OPTIONS]", "List containers")
    {
        Aliases = ["hafen container ls", "hafen container list", "hafen container ps", "hafen ps"];
        all = Flags.Switch("all", 'a', "Show all containers (default shows just running)");
        filters = Flags.Filter();
        format = Flags.Text("format", '\0', FormatHelp.Table);
        last = Flags.Integer("last", 'n', "Show the n containers created last, whatever their state", -1);
        latest = Flags.Switch("latest", 'l', "Show the container created last, whatever its state");
        noTruncation = Flags.Switch("no-trunc", '\0', "Do not shorten output");
        quiet = Flags.Switch("quiet", 'q', "Show IDs only");
        size = Flags.Switch("size", 's', "Show sizes of files");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        if (quiet.Value && format.Value.Length > 0) session.Streams.WriteErrorLine("WARNING: Ignoring custom format, because both --format and --quiet are set.");
        var source = ChooseFormat(session);
        var limit = latest.Value && last.Value == -1 ? 1 : last.Value;
        var text = Listing.TemplateText(source);
        try
        {
            Template.Parse(text);
        }
        catch (TemplateException refusal)
        {
            throw new CommandException($"failed to parse template: {refusal.Message}");
        }

        var containers = session.Client.Containers.List(new ContainerListOptions
        {
            All = all.Value,
            Limit = limit > 0 ? (int)limit : null,

            Size = size.Value || (!quiet.Value && ShowsSize(source)),
            Filters = FilterValues.ToSet(filters),
        });
        try
        {
            session.Streams.Write(Listing.Render(source, ContainerRow.Titles, containers.Select(container => new ContainerRow(container, !noTruncation.Value))));
            return 0;
        }
        catch (TemplateException refusal)
        {
            throw new CommandException($"failed to execute template: {refusal.Message}");
        }
    }

    /// <summary>A template that shows the size asks for it. The word <c>json</c> does not: sizes take the daemon time, and docker leaves them out there.</summary>
    private static bool ShowsSize(string format)
        => format.Contains(".Size", StringComparison.Ordinal) || format.Replace(" ", "", StringComparison.Ordinal).Contains("{{json.}}", StringComparison.Ordinal);

    private string ChooseFormat(CliSession session)
    {
        var text = format.Value.Length > 0 ? format.Value : !quiet.Value && session.Config.Format("psFormat") is { Length: > 0 } preset ? preset : "table";
        if (quiet.Value) return text == "raw" ? "container_id: {{.ID}}" : Listing.IdsOnly;
        return text switch
        {
            "table" => size.Value ? ContainerRow.Format + ContainerRow.SizeColumn : ContainerRow.Format,
            "raw" => ContainerRow.RawFormat + (size.Value ? "size: {{.Size}}\n" : ""),
            _ => text,
        };
    }
}
