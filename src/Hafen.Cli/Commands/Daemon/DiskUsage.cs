using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen system df</c>.</summary>
internal sealed class DiskUsage : Command
{
    private readonly ValueFlag<string> format;

    public DiskUsage()
        : base("[OPTIONS]", "Show disk usage")
    {
        format = Flags.Text("format", '\0', FormatHelp.Table);
        Flags.Refuse(new RefusedFlag("verbose", 'v'));
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        var usage = session.Client.Daemon.DiskUsage();
        var source = format.Value is { Length: > 0 } and not "table" ? format.Value : DiskUsageRow.Format;
        session.Streams.Write(Listing.Render(source, DiskUsageRow.Titles, DiskUsageRow.Of(usage)));
        return 0;
    }
}
