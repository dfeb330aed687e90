using Hafen.Cli.CommandLine;
using Hafen.Cli.Formatting.Tables;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Daemon;

/// <summary><c>hafen system df</c>.</summary>
internal sealed class DiskUsage : Command
{
    private const string ImageFormat = "table {{.Repository}}\t{{.Tag}}\t{{.ID}}\t{{.CreatedSince}}\t{{.Size}}\t{{.SharedSize}}\t{{.UniqueSize}}\t{{.Containers}}";
    private const string ContainerFormat = "table {{.ID}}\t{{.Image}}\t{{.Command}}\t{{.LocalVolumes}}\t{{.Size}}\t{{.RunningFor}}\t{{.Status}}\t{{.Names}}";
    private readonly ValueFlag<string> _format;
    private readonly ValueFlag<bool> _verbose;

    public DiskUsage()
        : base("[OPTIONS]", "Show disk usage")
    {
        _format = Flags.Text("format", '\0', FormatHelp.Table);
        _verbose = Flags.Switch("verbose", 'v', "Show each object");
    }

    public override int Execute(CliSession session, IReadOnlyList<string> arguments)
    {
        bool formatted = _format.Value is { Length: > 0 } and not "table";
        if (_verbose.Value && formatted)
            throw new CommandException("hafen: 'system df --verbose' with a format is not available in this version");
        var usage = session.Client.Daemon.DiskUsage().Run();
        session.Streams.Write(_verbose.Value ? Details(usage) : Listing.Render(formatted ? _format.Value : DiskUsageRow.Format, DiskUsageRow.Titles, DiskUsageRow.Of(usage)));
        return 0;
    }

    /// <summary>A table for each kind of object. There is no build cache in this version.</summary>
    internal static string Details(Api.DiskUsage usage)
    {
        var images = (usage.Images ?? []).SelectMany(image => ImageRow.Of(image, truncate: true, digestRows: false, digestColumn: false));

        // What a container takes is what it wrote; its image is counted above.
        var containers = (usage.Containers ?? []).Select(container => new ContainerRow(container with { SizeRootFs = 0 }, truncate: true));
        var volumes = (usage.Volumes ?? []).Select(volume => new VolumeUsageRow(volume));
        return "Images space usage:\n\n" + Listing.Render(ImageFormat, ImageRow.Titles, images)
            + "\nContainers space usage:\n\n" + Listing.Render(ContainerFormat, ContainerRow.Titles, containers)
            + "\nLocal Volumes space usage:\n\n" + Listing.Render(VolumeUsageRow.Format, VolumeUsageRow.Titles, volumes)
            + "\nBuild cache usage: 0B\n\n" + string.Join("   ", "CACHE ID", "CACHE TYPE", "SIZE   ", "CREATED", "LAST USED", "USAGE  ", "SHARED") + "\n";
    }
}
