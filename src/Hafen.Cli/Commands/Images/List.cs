using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen images</c>.</summary>
internal sealed class List : Command
{
    private readonly ValueFlag<bool> _all;
    private readonly ValueFlag<bool> _digests;
    private readonly ListFlag<KeyValuePair<string, string>> _filters;
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<bool> _noTruncation;
    private readonly ValueFlag<bool> _quiet;

    public List()
        : base("[OPTIONS] [REPOSITORY[:TAG]]", "List images")
    {
        Arguments = ArgumentRule.AtMost(1);
        Aliases = ["hafen image ls", "hafen image list", "hafen images"];
        _all = Flags.Switch("all", 'a', "Show all images (default hides intermediate ones)");
        _digests = Flags.Switch("digests", '\0', "Show digests");
        _filters = Flags.Filter();
        _format = Flags.Text("format", '\0', FormatHelp.Table);
        _noTruncation = Flags.Switch("no-trunc", '\0', "Do not shorten output");
        _quiet = Flags.Switch("quiet", 'q', "Show IDs only");
        Flags.Refuse(new RefusedFlag("tree"));
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var filter = FilterValues.ToSet(_filters);
        if (arguments.Count == 1)
            filter = filter.With("reference", arguments[0]);
        var images = session.Client.Images.List(_all.Value, filter).Run();
        string source = ChooseFormat(session);
        var rows = images.SelectMany(image => ImageRow.Of(image, !_noTruncation.Value, _digests.Value, source.Contains("{{.Digest}}", StringComparison.Ordinal)));
        session.Streams.Write(Listing.Render(source, ImageRow.Titles, rows));
        return 0;
    }

    private string ChooseFormat(CliSession session)
    {
        string text = _format.Value.Length > 0 ? _format.Value : !_quiet.Value && session.Config.Format("imagesFormat") is { Length: > 0 } preset ? preset : "table";
        return text switch
        {
            "table" when _quiet.Value => Listing.IdsOnly,
            "table" => _digests.Value ? ImageRow.DigestFormat : ImageRow.Format,
            "raw" => _quiet.Value ? "image_id: {{.ID}}" : _digests.Value ? ImageRow.RawDigestFormat : ImageRow.RawFormat,
            _ when Listing.IsTable(text) && _digests.Value && !text.Contains("{{.Digest}}", StringComparison.Ordinal) => text + "\t{{.Digest}}",
            _ => text,
        };
    }
}
