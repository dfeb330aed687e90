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
    private readonly ValueFlag<bool> _all;
    private readonly ListFlag<KeyValuePair<string, string>> _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<long> _last;
    private readonly ValueFlag<bool> _latest;
    private readonly ValueFlag<bool> _noTruncation;
    private readonly ValueFlag<bool> _quiet;
    private readonly ValueFlag<bool> _size;

    public List()
        : base("[OPTIONS]", "List containers")
    {
        Aliases = ["hafen container ls", "hafen container list", "hafen container ps", "hafen ps"];
        _all = Flags.Switch("all", 'a', "Show all containers (default shows just running)");
        _filters = Flags.Filter();
        _format = Flags.Text("format", '\0', FormatHelp.Table);
        _last = Flags.Integer("last", 'n', "Show the n containers created last, whatever their state", -1);
        _latest = Flags.Switch("latest", 'l', "Show the container created last, whatever its state");
        _noTruncation = Flags.Switch("no-trunc", '\0', "Do not shorten output");
        _quiet = Flags.Switch("quiet", 'q', "Show IDs only");
        _size = Flags.Switch("size", 's', "Show sizes of files");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        if (_quiet.Value && _format.Value.Length > 0)
            session.Streams.WriteErrorLine("WARNING: Ignoring custom format, because both --format and --quiet are set.");
        string source = ChooseFormat(session);
        long limit = _latest.Value && _last.Value == -1 ? 1 : _last.Value;
        string text = Listing.TemplateText(source);
        try
        {
            Template.Parse(text);
        }
        catch (TemplateException exception)
        {
            throw new CommandException($"failed to parse template: {exception.Message}");
        }

        var containers = session.Client.Containers.List(new ContainerListOptions
        {
            All = _all.Value,
            Limit = limit > 0 ? (int)limit : null,

            Size = _size.Value || (!_quiet.Value && ShowsSize(source)),
            Filters = FilterValues.ToSet(_filters),
        }).Run();
        try
        {
            session.Streams.Write(Listing.Render(source, ContainerRow.Titles, containers.Select(container => new ContainerRow(container, !_noTruncation.Value))));
            return 0;
        }
        catch (TemplateException exception)
        {
            throw new CommandException($"failed to execute template: {exception.Message}");
        }
    }

    /// <summary>A template that shows the size asks for it. The word <c>json</c> does not: sizes take the daemon time, and docker leaves them out there.</summary>
    private static bool ShowsSize(string format)
        => format.Contains(".Size", StringComparison.Ordinal) || format.Replace(" ", "", StringComparison.Ordinal).Contains("{{json.}}", StringComparison.Ordinal);

    private string ChooseFormat(CliSession session)
    {
        string text = _format.Value.Length > 0 ? _format.Value : !_quiet.Value && session.Config.Format("psFormat") is { Length: > 0 } preset ? preset : "table";
        if (_quiet.Value)
            return text == "raw" ? "container_id: {{.ID}}" : Listing.IdsOnly;
        return text switch
        {
            "table" => _size.Value ? ContainerRow.Format + ContainerRow.SizeColumn : ContainerRow.Format,
            "raw" => ContainerRow.RawFormat + (_size.Value ? "size: {{.Size}}\n" : ""),
            _ => text,
        };
    }
}
