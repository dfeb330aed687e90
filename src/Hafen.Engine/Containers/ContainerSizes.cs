using Hafen.Images;
using Hafen.Linux;

namespace Hafen.Engine.Containers;

/// <summary>Bytes a container takes.</summary>
internal static class ContainerSizes
{
    /// <returns>Bytes of the writable layer, and of the whole root.</returns>
    public static (long Writable, long Total) Of(ContainerEngine engine, Container container)
    {
        long writable = Writable(engine, container);
        long image = 0;
        try
        {
            if (container.Record.ImageId.Length > 0) image = engine.Rooms.Images.Find(container.Record.ImageId)?.Size ?? 0;
        }
        catch (ImageException)
        {
            // The image is gone; what is left of it is the container's.
        }
        return (writable, image + writable);
    }

    public static long Writable(ContainerEngine engine, Container container)
    {
        try
        {
            return engine.Rooms.Snapshots.Usage(container.Id);
        }
        catch (Exception e) when (e is IOException or LinuxException or KeyNotFoundException or InvalidOperationException)
        {
            // It is being removed at this moment.
            return 0;
        }
    }
}
