using Hafen.Api;
using Hafen.Engine.Images;
using Hafen.Errors;
using Hafen.Volumes;

namespace Hafen.Engine.Host;

/// <summary>Which kinds of objects to measure.</summary>
[Flags]
public enum DiskUsageKinds
{
    None = 0,
    Containers = 1,
    Images = 2,
    Volumes = 4,
    BuildCache = 8,
    All = Containers | Images | Volumes | BuildCache,
}

public static class MeasureDiskUsage
{
    /// <summary>What takes place in the data folder.</summary>
    /// <param name="containers">The containers as the list shows them, with the size of their writable part.</param>
    public static DiskUsage DiskUsage(this SystemEngine system, DiskUsageKinds kinds, Func<ContainerSummary[]> containers)
    {
        bool images = kinds.HasFlag(DiskUsageKinds.Images);
        return new DiskUsage
        {
            LayersSize = images ? system.Images.LayersSize(system.Images.Store.List()) : 0,
            Images = images ? system.Images.List(new ListImagesRequest { SharedSize = true }) : null,
            Containers = kinds.HasFlag(DiskUsageKinds.Containers) ? containers() : null,
            Volumes = kinds.HasFlag(DiskUsageKinds.Volumes) ? Volumes(system) : null,
            BuildCache = kinds.HasFlag(DiskUsageKinds.BuildCache) ? [] : null,
        };
    }

    private static VolumeInspect[] Volumes(SystemEngine system)
    {
        var volumes = system.Volumes;
        var measured = new List<VolumeInspect>();
        foreach (var volume in volumes.List())
        {
            long size;
            try
            {
                size = volumes.Usage(volume.Name);
            }
            catch (VolumeException e) when (e.Kind is ErrorKind.NotFound)
            {
                // Somebody has removed it meanwhile.
                continue;
            }
            int users = system.Uses.OfVolume(volume.Name).Count;
            measured.Add(Engine.Volumes.DescribeVolume.Describe(volume) with { UsageData = new VolumeUsage { Size = size, RefCount = users } });
        }
        return [.. measured];
    }
}
