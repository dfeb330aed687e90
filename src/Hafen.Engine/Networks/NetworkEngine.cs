using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Engine.Filters;
using Hafen.Networking;

namespace Hafen.Engine.Networks;

/// <summary>What clients may ask about networks. In this version they are fixed: <c>bridge</c>, <c>host</c> and <c>none</c>.</summary>
public sealed class NetworkEngine(INetworks networks, ContainerUses uses, EventStream events)
{
    /// <exception cref="EngineException">A filter is unknown.</exception>
    public NetworkInspect[] List(FilterSet filters)
    {
        FilterRules.Require(filters, "dangling", "driver", "id", "label", "name", "scope", "type");
        switch (filters["dangling"])
        {
            case [] or ["0" or "false" or "1" or "true"]:
                break;
            case [_]:
                throw EngineException.InvalidParameter("invalid value for filter 'dangling', must be \"true\" (or \"1\"), or \"false\" (or \"0\")");
            default:
                throw EngineException.InvalidParameter("got more than one value for filter key \"dangling\"");
        }
        foreach (string type in filters["type"])
            if (type is not ("builtin" or "custom")) throw EngineException.InvalidParameter($"invalid filter: 'type'='{type}'");
        return [.. networks.List().Where(network => Matches(network, filters)).Select(network => Describe(network, endpoints: false))];
    }

    /// <exception cref="EngineException">There is none of that name or ID.</exception>
    public NetworkInspect Inspect(string nameOrId)
        => Describe(networks.Find(nameOrId) ?? throw EngineException.NotFound($"network {nameOrId} not found"), endpoints: true);

    private static bool Matches(NetworkInfo network, FilterSet filters)
        => filters.Matches("driver", network.Driver)
            && filters.Matches("scope", network.Scope)
            && FilterRules.Patterns(filters, "name")(network.Name)
            && FilterRules.Patterns(filters, "id")(network.Id)
            // All networks here are built in: none is dangling, none has labels.
            && (filters["type"].Count == 0 || filters["type"].Contains("builtin", StringComparer.Ordinal))
            && (filters["dangling"] is [] or ["0" or "false"])
            && filters["label"].Count == 0;

    /// <summary>Removes networks no container uses. There are none that may go.</summary>
    /// <exception cref="EngineException">A filter is unknown or malformed.</exception>
    public NetworksPruneReport Prune(FilterSet filters)
    {
        FilterRules.Require(filters, "label", "label!", "until");
        FilterRules.Until(filters, TimeProvider.System);
        events.Publish("network", "prune", "", new Dictionary<string, string> { ["reclaimed"] = "0" });
        return new NetworksPruneReport();
    }

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
        foreach (var (container, endpoint) in uses.OfNetwork(network.Id))
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
