using Hafen.Engine.Containers;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>Removes a volume with its content.</summary>
public sealed class RemoveVolume(IVolumes volumes, ContainerUses containers, VolumeEvents events)
{
    /// <param name="name">The volume.</param>
    /// <param name="force">A volume that is not there is no failure.</param>
    /// <param name="cancellationToken">The caller leaves; what was begun goes on.</param>
    /// <exception cref="EngineException">There is none of that name and <paramref name="force"/> is not set, or a container uses it.</exception>
    public async Task RunAsync(string name, bool force, CancellationToken cancellationToken)
    {
        if (volumes.Find(name) is not { } volume)
        {
            if (force)
                return;
            throw NoSuchVolume.Named(name);
        }
        var users = containers.OfVolume(name);
        if (users.Count > 0)
            throw EngineException.Conflict($"remove {name}: volume is in use - [{string.Join(", ", users.Select(user => user.Id))}]");
        await volumes.RemoveAsync(name, cancellationToken);
        events.Publish("destroy", volume);
    }
}
