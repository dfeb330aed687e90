using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <param name="Total">All containers.</param>
/// <param name="Running">With a process that is not paused.</param>
/// <param name="Paused">Paused.</param>
/// <param name="Stopped">All others.</param>
public readonly record struct ContainerCounts(int Total, int Running, int Paused, int Stopped);

/// <summary>How many containers there are, by what they do.</summary>
public sealed class CountContainers
{
    private readonly ContainerStore _containers;

    internal CountContainers(ContainerStore containers) => _containers = containers;

    public ContainerCounts Run()
    {
        int running = 0, paused = 0, stopped = 0;
        foreach (var container in _containers.All)
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
}
