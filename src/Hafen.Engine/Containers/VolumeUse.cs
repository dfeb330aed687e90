using Hafen.Errors;
using Hafen.Volumes;

namespace Hafen.Engine.Containers;

/// <summary>Mounts a container's volumes for the time it runs.</summary>
internal static class VolumeUse
{
    /// <summary>The folders by volume name.</summary>
    /// <exception cref="EngineException">A volume is gone or cannot be mounted.</exception>
    public static IReadOnlyDictionary<string, string> Begin(ContainerEngine engine, Container container)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mount in container.Record.Mounts)
        {
            if (mount.Type != "volume" || paths.ContainsKey(mount.Name!)) continue;
            try
            {
                container.VolumesMounted = true;
                paths[mount.Name!] = engine.Rooms.Volumes.Mount(mount.Name!, container.Id);
            }
            catch (VolumeException e)
            {
                throw new EngineException(ErrorKind.System, $"error while mounting volume '{mount.Source}': {e.Message}", e);
            }
        }
        return paths;
    }

    public static void End(ContainerEngine engine, Container container)
    {
        if (!container.VolumesMounted) return;
        container.VolumesMounted = false;
        foreach (string name in container.Record.Mounts.Where(m => m.Type == "volume").Select(m => m.Name!).Distinct(StringComparer.Ordinal))
        {
            try
            {
                engine.Rooms.Volumes.Unmount(name, container.Id);
            }
            catch (Exception e)
            {
                // The others are given back all the same.
                EngineLog.StepFailed(engine.Log, container.Id, "unmount volume " + name, e.Message);
            }
        }
    }
}
