using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Networking;

namespace Hafen.Engine.Networks;

/// <summary>What clients may ask about networks. In this version they are fixed: <c>bridge</c>, <c>host</c> and <c>none</c>.</summary>
public sealed class NetworkEngine(ContainerEngine containers)
{
    private static readonly string[] s_filters = ["dangling", "driver", "id", "label", "name", "scope", "type", "idOrName"];

    /// <exception cref="EngineException">A filter is unknown.</exception>
    public NetworkInspect[] List(FilterSet filters)
    {
        foreach (string name in filters.Names)
        {
            if (!s_filters.Contains(name, StringComparer.Ordinal)) throw EngineException.InvalidParameter($"invalid filter '{name}'");
        }
        return [.. containers.Rooms.Networks.List().Where(network => Matches(network, filters)).Select(network => Describe(network, endpoints: false))];
    }

    /// <exception cref="EngineException">There is none of that name or ID.</exception>
    public NetworkInspect Inspect(string nameOrId)
        => Describe(containers.Rooms.Networks.Find(nameOrId) ?? throw EngineException.NotFound($"network {nameOrId} not found"), endpoints: true);

    private static bool Matches(NetworkInfo network, FilterSet filters)
        => filters.Matches("driver", network.Driver)
            && filters.Matches("scope", network.Scope)
            && (!filters.Contains("name") || filters["name"].Any(part => network.Name.Contains(part, StringComparison.Ordinal)))
            && (!filters.Contains("id") || filters["id"].Any(part => network.Id.StartsWith(part, StringComparison.Ordinal)))
            // All networks here are built in: none is dangling, none has labels.
            && (!filters.Contains("type") || filters["type"].Contains("builtin", StringComparer.Ordinal))
            && (!filters.Contains("dangling") || filters["dangling"].All(value => value is "0" or "false"))
            && !filters.Contains("label");

    private NetworkInspect Describe(NetworkInfo network, bool endpoints) => new()
    {
        Id = network.Id,
        Name = network.Name,
        Driver = network.Driver,
        Scope = network.Scope,
        Created = GoTime.Format(network.Created),
        EnableIPv4 = true,
        EnableIPv6 = false,
        IPAM = new NetworkIpam
        {
            Driver = "default",
            Options = null,
            Config = network.Subnet is null ? [] : [new NetworkIpamPool { Subnet = network.Subnet, Gateway = network.Gateway }],
        },
        Internal = false,
        Attachable = false,
        Ingress = false,
        ConfigFrom = new NetworkConfigReference { Network = "" },
        ConfigOnly = false,
        Containers = endpoints ? Endpoints(network) : [],
        Options = network.Options,
        Labels = new Dictionary<string, string>(),
    };

    private Dictionary<string, NetworkContainer> Endpoints(NetworkInfo network)
    {
        var found = new Dictionary<string, NetworkContainer>();
        foreach (var (container, endpoint) in containers.UsersOfNetwork(network.Id))
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
