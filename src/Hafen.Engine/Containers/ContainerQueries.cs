using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <param name="Total">All containers.</param>
/// <param name="Running">With a process that is not paused.</param>
/// <param name="Paused">Paused.</param>
/// <param name="Stopped">All others.</param>
public readonly record struct ContainerCounts(int Total, int Running, int Paused, int Stopped);

/// <summary>A container that uses an image or volume.</summary>
/// <param name="Id">Its ID.</param>
/// <param name="Name">Its name, without a slash.</param>
/// <param name="Running">Whether it runs.</param>
public sealed record ContainerUse(string Id, string Name, bool Running);

/// <summary>Small questions other rooms ask about containers.</summary>
public static class ContainerQueries
{
    public static ContainerCounts CountContainers(this ContainerEngine engine)
    {
        int running = 0, paused = 0, stopped = 0;
        foreach (var container in engine.Store.All)
        {
            switch (container.Status)
            {
                case ContainerStatus.Running or ContainerStatus.Restarting:
                    running++;
                    break;
                case ContainerStatus.Paused:
                    paused++;
                    break;
                default:
                    stopped++;
                    break;
            }
        }
        return new ContainerCounts(running + paused + stopped, running, paused, stopped);
    }

    /// <summary>Containers that mount a volume.</summary>
    public static IReadOnlyList<ContainerUse> UsersOfVolume(this ContainerEngine engine, string volume) => new ContainerUses(engine).OfVolume(volume);
}
