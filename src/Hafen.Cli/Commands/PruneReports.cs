using System.Text;
using Hafen.Api;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands;

/// <summary>What a prune removed.</summary>
internal static class PruneReports
{
    public static void ShowContainers(CliStreams streams, ContainersPruneReport report)
    {
        if (report.ContainersDeleted is not { Length: > 0 } deleted)
            return;
        streams.Write($"Deleted Containers:\n{string.Join('\n', deleted)}\n\n");
    }

    public static void ShowVolumes(CliStreams streams, VolumesPruneReport report)
    {
        if (report.VolumesDeleted is not { Length: > 0 } deleted)
            return;
        streams.Write($"Deleted Volumes:\n{string.Join('\n', deleted)}\n\n");
    }

    public static void ShowImages(CliStreams streams, ImagesPruneReport report)
    {
        if (report.ImagesDeleted is not { Length: > 0 } deleted)
            return;
        var text = new StringBuilder("Deleted Images:\n");
        foreach (var image in deleted)
        {
            if (string.IsNullOrEmpty(image.Untagged))
                text.Append("deleted: ").Append(image.Deleted);
            else
                text.Append("untagged: ").Append(image.Untagged);
            text.Append('\n');
        }

        streams.Write(text.Append('\n').ToString());
    }
}
