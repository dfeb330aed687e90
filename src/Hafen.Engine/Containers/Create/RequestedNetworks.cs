using Hafen.Api;
using Hafen.Engine.State;
using Hafen.Networking;

namespace Hafen.Engine.Containers.Create;

/// <summary>The networks a request puts a container in.</summary>
internal static class RequestedNetworks
{
    /// <summary>The network of the mode first, then the others by name; none when another container's namespace is shared.</summary>
    /// <param name="choice">What the network mode means.</param>
    /// <param name="mode">The network mode.</param>
    /// <param name="config">Wishes by network, which may be named by its ID.</param>
    /// <param name="networks">The networks there are. One that is not there is kept by what it was called, and is the start's business.</param>
    /// <exception cref="EngineException">The mode's network goes with no other.</exception>
    public static ContainerNetwork[] Of(NetworkChoice choice, string mode, NetworkingConfig? config, INetworks networks)
    {
        if (choice.SharesContainer)
            return [];
        string name = choice.Network?.Name ?? mode;
        EndpointSettings? first = null;
        var others = new SortedDictionary<string, EndpointSettings>(StringComparer.Ordinal);
        foreach (var (reference, settings) in config?.EndpointsConfig ?? [])
        {
            string called = NetworkChoice.Find(networks, reference)?.Name ?? reference;
            if (called == name)
                first = settings;
            else
                others[called] = settings ?? new EndpointSettings();
        }
        if (others.Count > 0 && !choice.HasInterface)
        {
            throw EngineException.InvalidParameter(choice.UsesHost
                ? "container sharing network namespace with another container or host cannot be connected to any other network"
                : $"container cannot be connected to multiple networks with one of the networks in private ({name}) mode");
        }
        return
        [
            new ContainerNetwork { Name = name, Settings = first ?? new EndpointSettings() },
            .. others.Select(static other => new ContainerNetwork { Name = other.Key, Settings = other.Value }),
        ];
    }
}
