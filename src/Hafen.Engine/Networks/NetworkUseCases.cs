using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Networking;

namespace Hafen.Engine.Networks;

/// <summary>What clients can do with networks.</summary>
public sealed record NetworkUseCases
{
    public required InspectNetwork Inspect { get; init; }
    public required ListNetworks List { get; init; }
    public required PruneNetworks Prune { get; init; }

    /// <summary>Puts them together over the rooms they need.</summary>
    public static NetworkUseCases Compose(INetworks networks, ContainerUses containers, EventStream events, TimeProvider time) => new()
    {
        Inspect = new InspectNetwork(networks, containers),
        List = new ListNetworks(networks),
        Prune = new PruneNetworks(events, time),
    };
}
