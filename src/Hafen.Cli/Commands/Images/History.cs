using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen history</c>.</summary>
internal sealed class History : Command
{
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<bool> _human;
    private readonly ValueFlag<bool> _noTruncation;
    private readonly ValueFlag<string> _platform;
    private readonly ValueFlag<bool> _quiet;

    public History()
        : base("[OPTIONS] IMAGE", "Show the history of an image")
    {
        Arguments = ArgumentRule.Exactly(1);
        Aliases = ["hafen image history", "hafen history"];
        _format = Flags.Text("format", '\0', FormatHelp.Table);
        _human = Flags.Switch("human", 'H', "Print sizes and dates for people", initial: true);
        _noTruncation = Flags.Switch("no-trunc", '\0', "Do not shorten output");
        _platform = Flags.Text("platform", '\0', "Platform (os/arch) whose history to show");
        _quiet = Flags.Switch("quiet", 'q', "Show IDs only");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var items = session.Client.Images.History(arguments[0], PlatformSpec.ForImages(_platform, "invalid platform: ")).Run();
        string source = _format.Value is { Length: > 0 } and not "table" ? _format.Value
            : _quiet.Value ? Listing.IdsOnly
            : _human.Value ? HistoryRow.Format : HistoryRow.ExactFormat;
        session.Streams.Write(Listing.Render(source, HistoryRow.Titles, items.Select(item => new HistoryRow(item, !_noTruncation.Value, _human.Value))));
        return 0;
    }
}
