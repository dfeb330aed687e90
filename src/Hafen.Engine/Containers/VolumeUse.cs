using Hafen.Errors;
using Hafen.Volumes;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Containers;

/// <summary>Mounts a container's volumes for the time it runs.</summary>
internal sealed class VolumeUse(IVolumes volumes, ILogger log)
{
    /// <summary>The folders by volume name.</summary>
    /// <exception cref="EngineException">A volume is gone or cannot be mounted.</exception>
    public async ValueTask<IReadOnlyDictionary<string, string>> BeginAsync(Container container, CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var mount in container.Record.Mounts)
        {
            if (mount.Type != "volume" || paths.ContainsKey(mount.Name!))
                continue;
            try
            {
                container.BeginVolumes();
                paths[mount.Name!] = await volumes.MountAsync(mount.Name!, container.Id, cancellationToken);
            }
            catch (VolumeException exception)
            {
                throw new EngineException(ErrorKind.System, $"error while mounting volume '{mount.Source}': {exception.Message}", exception);
            }
        }
        return paths;
    }

    /// <summary>
    /// It runs and has its volumes mounted since an earlier daemon, whatever has become of their folders meanwhile: they are kept for it without a look at them, which could take as long as
    /// a server is away.
    /// </summary>
    public async ValueTask ResumeAsync(Container container)
    {
        foreach (var mount in container.Record.Mounts)
        {
            if (mount.Type != "volume")
                continue;
            try
            {
                container.BeginVolumes();
                await volumes.HoldAsync(mount.Name!, container.Id, CancellationToken.None);
            }
            catch (HafenException exception)
            {
                EngineLog.StepFailed(log, container.Id, "take note of its volume " + mount.Name, exception.Message);
            }
        }
    }

    public async ValueTask EndAsync(Container container)
    {
        if (!container.EndVolumes())
            return;
        List<Task>? pending = null;
        foreach (string name in container.Record.Mounts.Where(m => m.Type == "volume").Select(m => m.Name!).Distinct(StringComparer.Ordinal))
        {
            // The container is a user of none of them any more before one is waited for.
            var ending = EndAsync(container, name);
            if (!ending.IsCompletedSuccessfully)
                (pending ??= []).Add(ending.AsTask());
        }
        if (pending is not null)
            await Task.WhenAll(pending);
    }

    private async ValueTask EndAsync(Container container, string name)
    {
        try
        {
            await volumes.UnmountAsync(name, container.Id, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // The others are given back all the same.
            EngineLog.StepFailed(log, container.Id, "unmount volume " + name, exception.Message);
        }
    }
}
