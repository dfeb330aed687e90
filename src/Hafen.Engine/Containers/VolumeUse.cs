using Hafen.Errors;
using Hafen.Volumes;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Mounts a container's volumes for the time it runs.</summary>
internal sealed class VolumeUse(IVolumes volumes, ILogger log)
{
    /// <summary>The folders by volume name.</summary>
    /// <exception cref="EngineException">A volume is gone or cannot be mounted.</exception>
    public IReadOnlyDictionary<string, string> Begin(Container container)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mount in container.Record.Mounts)
        {
            if (mount.Type != "volume" || paths.ContainsKey(mount.Name!))
                continue;
            try
            {
                container.BeginVolumes();
                paths[mount.Name!] = volumes.Mount(mount.Name!, container.Id);
            }
            catch (VolumeException exception)
            {
                throw new EngineException(ErrorKind.System, $"error while mounting volume '{mount.Source}': {exception.Message}", exception);
            }
        }
        return paths;
    }

    public void End(Container container)
    {
        if (!container.EndVolumes())
            return;
        foreach (string name in container.Record.Mounts.Where(m => m.Type == "volume").Select(m => m.Name!).Distinct(StringComparer.Ordinal))
        {
            try
            {
                volumes.Unmount(name, container.Id);
            }
            catch (Exception exception)
            {
                // The others are given back all the same.
                EngineLog.StepFailed(log, container.Id, "unmount volume " + name, exception.Message);
            }
        }
    }
}
