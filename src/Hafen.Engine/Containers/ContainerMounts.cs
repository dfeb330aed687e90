using Hafen.Api;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <summary>A container's mounts as clients see them.</summary>
internal static class ContainerMounts
{
    public static MountPoint[] Points(ContainerRecord record)
    {
        // A tmpfs of --tmpfs is not listed, one of --mount is.
        var shown = record.Mounts.Where(m => m.Type != "tmpfs" || m.FromMounts);
        return [.. shown.Select(m => new MountPoint
        {
            Type = m.Type,
            Name = m.Type == "volume" ? m.Name : null,
            Source = m.Source,
            Destination = m.Destination,
            Driver = m.Type == "volume" ? m.Driver : null,
            Mode = m.Mode ?? "",
            RW = m.Writable,
            Propagation = m.Propagation,
        })];
    }
}
