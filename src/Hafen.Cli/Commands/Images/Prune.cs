using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary><c>hafen image prune</c>.</summary>
internal sealed class Prune : Command
{
    private readonly ValueFlag<bool> _all;
    private readonly ListFlag<KeyValuePair<string, string>> _filters;
    private readonly ValueFlag<bool> _force;

    public Prune()
        : base("[OPTIONS]", "Remove unused images")
    {
        _all = Flags.Switch("all", 'a', "Remove all unused images, not just nameless ones");
        _filters = Flags.Add(new ListFlag<KeyValuePair<string, string>>("filter", '\0', "filter", "Narrow what is removed (e.g. \"until=<timestamp>\")", FlagValues.Filter));
        _force = Flags.Switch("force", 'f', "Do not ask");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        string what = _all.Value ? "all images without at least one container associated to them" : "all dangling images";
        if (!_force.Value && !Confirmation.Ask(session.Streams, $"WARNING! This will remove {what}.\nAre you sure you want to continue?"))
            return 0;
        var report = session.Client.Images.Prune(FilterValues.ToSet(_filters).With("dangling", _all.Value ? "false" : "true")).Run();
        PruneReports.ShowImages(session.Streams, report);
        session.Streams.WriteLine($"Total reclaimed space: {ByteSize.Human(report.SpaceReclaimed)}");
        return 0;
    }
}
