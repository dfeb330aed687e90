using Hafen.Api;
using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Units;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen system prune</c>.</summary>
internal sealed class Prune : Command
{
    private readonly ValueFlag<bool> all;
    private readonly ListFlag<KeyValuePair<string, string>> filters;
    private readonly ValueFlag<bool> force;
    private readonly ValueFlag<bool> volumes;

    public Prune()
        : base("[OPTIONS]", "Remove unused data")
    {
        all = Flags.Switch("all", 'a', "Remove all unused images, not just nameless ones");
        filters = Flags.Add(new ListFlag<KeyValuePair<string, string>>("filter", '\0', "filter", "Narrow what is removed (e.g. \"label=<key>=<value>\")", FlagValues.Filter));
        force = Flags.Switch("force", 'f', "Do not ask");
        volumes = Flags.Switch("volumes", '\0', "Remove anonymous volumes");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        if (volumes.Value && filters.Values.Any(filter => filter.Key == "until")) throw new CommandException("hafen: volumes cannot be pruned by \"until\": leave out --volumes, or the filter");
        if (!force.Value && !Confirmation.Ask(session.Streams, Question())) return 0;
        var containers = session.Client.Containers.Prune(FilterValues.ToSet(filters));
        PruneReports.ShowContainers(session.Streams, containers);
        var freed = volumes.Value ? session.Client.Volumes.Prune(FilterValues.ToSet(filters)) : null;
        if (freed is not null) PruneReports.ShowVolumes(session.Streams, freed);
        var images = session.Client.Images.Prune(FilterValues.ToSet(filters).With("dangling", all.Value ? "false" : "true"));
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
        if (volumes.Value) lines.Add("  - all anonymous volumes not used by at least one container");
        lines.AddRange(
        [
            all.Value ? "  - all images without at least one container associated to them" : "  - all dangling images",
            "",
        ]);
        if (filters.Values.Count > 0)
        {
            lines.Add("  Items to be pruned will be filtered with:");
            lines.AddRange(filters.Values.Select(filter => $"  - {filter.Key}={filter.Value}").Order(StringComparer.Ordinal));
            lines.Add("");
        }

        lines.Add("Are you sure you want to continue?");
        return string.Join('\n', lines);
    }
}
