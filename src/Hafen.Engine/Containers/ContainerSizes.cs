using Hafen.Images;
using Hafen.Linux;
using Hafen.Snapshots;

namespace Hafen.Engine.Containers;

/// <summary>Bytes a container takes.</summary>
internal sealed class ContainerSizes(IImageStore images, ISnapshotter snapshots)
{
    /// <returns>Bytes of the writable layer, and of the whole root.</returns>
    public (long Writable, long Total) Measure(Container container)
    {
        long writable = MeasureWritable(container);
        long image = 0;
        try
        {
            if (container.Record.ImageId.Length > 0)
                image = images.Find(container.Record.ImageId)?.Size ?? 0;
        }
        catch (ImageException)
        {
            // The image is gone; what is left of it is the container's.
        }
        return (writable, image + writable);
    }

    /// <returns>Bytes of the writable layer.</returns>
    public long MeasureWritable(Container container)
    {
        try
        {
            return snapshots.Usage(container.Id);
        }
        catch (Exception exception) when (exception is IOException or LinuxException or KeyNotFoundException or InvalidOperationException)
        {
            // It is being removed at this moment.
            return 0;
        }
    }
}
