using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen images</c>.</summary>
internal sealed class List : Command
{
    private readonly ValueFlag<bool> all;
    private readonly ValueFlag<bool> digests;
    private readonly ListFlag<KeyValuePair<string, string>> filters;
    private readonly ValueFlag<string> format;
    private readonly ValueFlag<bool> noTruncation;
    private readonly ValueFlag<bool> quiet;

    public List()
        : base("[OPTIONS] [REPOSITORY[:TAG]]", "List images")
    {
        Arguments = ArgumentRule.AtMost(1);
        Aliases = ["hafen image ls", "hafen image list", "hafen images"];
        all = Flags.Switch("all", 'a', "Show all images (default hides intermediate ones)");
        digests = Flags.Switch("digests", '\0', "Show digests");
        filters = Flags.Filter();
        format = Flags.Text("format", '\0', FormatHelp.Table);
        noTruncation = Flags.Switch("no-trunc", '\0', "Do not shorten output");
        quiet = Flags.Switch("quiet", 'q', "Show IDs only");
        Flags.Refuse(new RefusedFlag("tree"));
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var filter = FilterValues.ToSet(filters);
        if (arguments.Count == 1) filter = filter.With("reference", arguments[0]);
        var images = session.Client.Images.List(all.Value, filter);
        var source = ChooseFormat(session);
        var rows = images.SelectMany(image => ImageRow.Of(image, !noTruncation.Value, digests.Value, source.Contains("{{.Digest}}", StringComparison.Ordinal)));
        session.Streams.Write(Listing.Render(source, ImageRow.Titles, rows));
        return 0;
    }

    private string ChooseFormat(CliSession session)
    {
        var text = format.Value.Length > 0 ? format.Value : !quiet.Value && session.Config.Format("imagesFormat") is { Length: > 0 } preset ? preset : "table";
        return text switch
        {
            "table" when quiet.Value => Listing.IdsOnly,
            "table" => digests.Value ? ImageRow.DigestFormat : ImageRow.Format,
            "raw" => quiet.Value ? "image_id: {{.ID}}" : digests.Value ? ImageRow.RawDigestFormat : ImageRow.RawFormat,
            _ when Listing.IsTable(text) && digests.Value && !text.Contains("{{.Digest}}", StringComparison.Ordinal) => text + "\t{{.Digest}}",
            _ => text,
        };
    }
}
