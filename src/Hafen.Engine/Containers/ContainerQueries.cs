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

    /// <summary>Containers made from an image, by its ID (<c>sha256:…</c>).</summary>
    public static IReadOnlyList<ContainerUse> UsersOfImage(this ContainerEngine engine, string imageId)
        => [.. engine.Store.All.Where(c => c.Record.ImageId == imageId).Select(Use)];

    /// <summary>Containers that mount a volume.</summary>
    public static IReadOnlyList<ContainerUse> UsersOfVolume(this ContainerEngine engine, string volume)
        => [.. engine.Store.All.Where(c => Mounts(c, volume)).Select(Use)];

    /// <summary>Containers that hold an endpoint in a network now: ID, name and the endpoint.</summary>
    public static IReadOnlyList<(ContainerUse Container, Networking.Endpoint Endpoint)> UsersOfNetwork(this ContainerEngine engine, string networkId)
        => [.. engine.Store.All.SelectMany(c => (c.State.Endpoints ?? []).Where(e => e.NetworkId == networkId).Select(e => (Use(c), e)))];

    private static bool Mounts(Container container, string volume)
        => container.Record.Mounts.Any(m => m.Type == "volume" && m.Name == volume);

    private static ContainerUse Use(Container container) => new(container.Id, container.Record.Name, container.IsRunning);
}
