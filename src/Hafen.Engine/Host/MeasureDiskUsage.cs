using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Images;
using Hafen.Engine.Volumes;
using Hafen.Errors;
using Hafen.Images;
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

/// <summary>Measures what takes place in the data folder.</summary>
/// <param name="images">The images.</param>
/// <param name="listImages">The images as the list shows them.</param>
/// <param name="layers">The images' layers.</param>
/// <param name="volumes">The volumes.</param>
/// <param name="uses">How many containers use a volume.</param>
/// <param name="listContainers">The containers as the list shows them, with the size of their writable part.</param>
public sealed class MeasureDiskUsage(
    IImageStore images, ListImages listImages, ImageLayers layers, IVolumes volumes, ContainerUses uses, ListContainers listContainers)
{
    /// <summary>What the API says when a driver cannot tell the size of its volume.</summary>
    private const long Unknown = -1;

    public async Task<DiskUsage> RunAsync(DiskUsageKinds kinds, CancellationToken cancellationToken)
    {
        bool withImages = kinds.HasFlag(DiskUsageKinds.Images);
        return new DiskUsage
        {
            LayersSize = withImages ? layers.TotalSize(images.List()) : 0,
            Images = withImages ? listImages.Run(new ListImagesRequest { SharedSize = true }) : null,
            Containers = kinds.HasFlag(DiskUsageKinds.Containers) ? listContainers.Run(new ListContainersRequest { All = true, Size = true }) : null,
            Volumes = kinds.HasFlag(DiskUsageKinds.Volumes) ? await MeasureVolumesAsync(cancellationToken) : null,
            BuildCache = kinds.HasFlag(DiskUsageKinds.BuildCache) ? [] : null,
        };
    }

    private async ValueTask<VolumeInspect[]> MeasureVolumesAsync(CancellationToken cancellationToken)
    {
        var measured = new List<VolumeInspect>();
        foreach (var volume in volumes.List())
        {
            long? size;
            try
            {
                size = await volumes.UsageAsync(volume.Name, cancellationToken);
            }
            catch (VolumeException exception) when (exception.Kind is ErrorKind.NotFound)
            {
                // Somebody has removed it meanwhile.
                continue;
            }
            int users = uses.OfVolume(volume.Name).Count;
            measured.Add(DescribeVolume.Describe(volume) with { UsageData = new VolumeUsage { Size = size ?? Unknown, RefCount = users } });
        }
        return [.. measured];
    }
}
