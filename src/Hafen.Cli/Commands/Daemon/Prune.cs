using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen system prune</c>.</summary>
internal sealed class Prune : Command
{
    private readonly ValueFlag<bool> _all;
    private readonly ListFlag<KeyValuePair<string, string>> _filters;
    private readonly ValueFlag<bool> _force;
    private readonly ValueFlag<bool> _volumes;

    public Prune()
        : base("[OPTIONS]", "Remove unused data")
    {
        _all = Flags.Switch("all", 'a', "Remove all unused images, not just nameless ones");
        _filters = Flags.Add(new ListFlag<KeyValuePair<string, string>>("filter", '\0', "filter", "Narrow what is removed (e.g. \"label=<key>=<value>\")", FlagValues.Filter));
        _force = Flags.Switch("force", 'f', "Do not ask");
        _volumes = Flags.Switch("volumes", '\0', "Remove anonymous volumes");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        if (_volumes.Value && _filters.Values.Any(filter => filter.Key == "until"))
            throw new CommandException("hafen: volumes cannot be pruned by \"until\": leave out --volumes, or the filter");
        if (!_force.Value && !Confirmation.Ask(session.Streams, Question()))
            return 0;
        var containers = session.Client.Containers.Prune(FilterValues.ToSet(_filters)).Run();
        PruneReports.ShowContainers(session.Streams, containers);
        var freed = _volumes.Value ? session.Client.Volumes.Prune(FilterValues.ToSet(_filters)).Run() : null;
        if (freed is not null)
            PruneReports.ShowVolumes(session.Streams, freed);
        var images = session.Client.Images.Prune(FilterValues.ToSet(_filters).With("dangling", _all.Value ? "false" : "true")).Run();
        PruneReports.ShowImages(session.Streams, images);
        session.Streams.WriteLine($"Total reclaimed space: {ByteSize.Human(containers.SpaceReclaimed + (freed?.SpaceReclaimed ?? 0) + images.SpaceReclaimed)}");
        return 0;
    }

    private string Question()
    {
        var lines = new List<string>
        {
            "WARNING! This will remove:",
            "  - all stopped containers",
        };
        if (_volumes.Value)
            lines.Add("  - all anonymous volumes not used by at least one container");
        lines.AddRange(
        [
            _all.Value ? "  - all images without at least one container associated to them" : "  - all dangling images",
            "",
        ]);
        if (_filters.Values.Count > 0)
        {
            lines.Add("  Items to be pruned will be filtered with:");
            lines.AddRange(_filters.Values.Select(filter => $"  - {filter.Key}={filter.Value}").Order(StringComparer.Ordinal));
            lines.Add("");
        }

        lines.Add("Are you sure you want to continue?");
        return string.Join('\n', lines);
    }
}
