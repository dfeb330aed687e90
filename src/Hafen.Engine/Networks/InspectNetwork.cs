using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Networking;

namespace Hafen.Engine.Networks;

/// <summary>Shows one network and who is in it.</summary>
public sealed class InspectNetwork(INetworks networks, ContainerUses containers)
{
    /// <param name="reference">Name, ID or the beginning of an ID.</param>
    /// <exception cref="EngineException">There is none of that name or ID.</exception>
    public NetworkInspect Run(string reference)
    {
        var network = networks.Find(reference) ?? throw EngineException.NotFound($"network {reference} not found");
        return DescribeNetwork.Describe(network, Endpoints(network));
    }

    private Dictionary<string, NetworkContainer> Endpoints(NetworkInfo network)
    {
        var found = new Dictionary<string, NetworkContainer>();
        foreach (var (container, endpoint) in containers.OfNetwork(network.Id))
        {
            found[container.Id] = new NetworkContainer
            {
                Name = container.Name,
                EndpointID = endpoint.Id,
                MacAddress = endpoint.MacAddress,
                IPv4Address = endpoint.Address is null ? "" : $"{endpoint.Address}/{endpoint.PrefixLength}",
                IPv6Address = "",
            };
        }
        return found;
    }
}
