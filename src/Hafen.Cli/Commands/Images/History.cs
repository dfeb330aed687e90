using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen history</c>.</summary>
internal sealed class History : Command
{
    private readonly ValueFlag<string> format;
    private readonly ValueFlag<bool> human;
    private readonly ValueFlag<bool> noTruncation;
    private readonly ValueFlag<string> platform;
    private readonly ValueFlag<bool> quiet;

    public History()
        : base("[OPTIONS] IMAGE", "Show the history of an image")
    {
        Arguments = ArgumentRule.Exactly(1);
        Aliases = ["hafen image history", "hafen history"];
        format = Flags.Text("format", '\0', FormatHelp.Table);
        human = Flags.Switch("human", 'H', "Print sizes and dates for people", initial: true);
        noTruncation = Flags.Switch("no-trunc", '\0', "Do not shorten output");
        platform = Flags.Text("platform", '\0', "Platform (os/arch) whose history to show");
        quiet = Flags.Switch("quiet", 'q', "Show IDs only");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var items = session.Client.Images.History(arguments[0], PlatformSpec.ForImages(platform, "invalid platform: "));
        var source = format.Value is { Length: > 0 } and not "table" ? format.Value
            : quiet.Value ? Listing.IdsOnly
            : human.Value ? HistoryRow.Format : HistoryRow.ExactFormat;
        session.Streams.Write(Listing.Render(source, HistoryRow.Titles, items.Select(item => new HistoryRow(item, !noTruncation.Value, human.Value))));
        return 0;
    }
}
