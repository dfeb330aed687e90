using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Containers;

/// <summary><c>hafen container prune</c>.</summary>
internal sealed class Prune : Command
{
    private readonly ListFlag<KeyValuePair<string, string>> _filters;
    private readonly ValueFlag<bool> _force;

    public Prune()
        : base("[OPTIONS]", "Remove all stopped containers")
    {
        _filters = Flags.Add(new ListFlag<KeyValuePair<string, string>>("filter", '\0', "filter", "Narrow what is removed (e.g. \"until=<timestamp>\")", FlagValues.Filter));
        _force = Flags.Switch("force", 'f', "Do not ask");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        if (!_force.Value && !Confirmation.Ask(session.Streams, "WARNING! This will remove all stopped containers.\nAre you sure you want to continue?"))
            return 0;
        var report = session.Client.Containers.Prune(FilterValues.ToSet(_filters)).Run();
        PruneReports.ShowContainers(session.Streams, report);
        session.Streams.WriteLine($"Total reclaimed space: {ByteSize.Human(report.SpaceReclaimed)}");
        return 0;
    }
}
