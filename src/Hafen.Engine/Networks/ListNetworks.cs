using Hafen.Api;
using Hafen.Engine.Filters;
using Hafen.Networking;

namespace Hafen.Engine.Networks;

/// <summary>Lists networks, without who is in them. In this version they are fixed: <c>bridge</c>, <c>host</c> and <c>none</c>.</summary>
public sealed class ListNetworks(INetworks networks)
{
    /// <param name="filters"><c>dangling</c>, <c>driver</c>, <c>id</c>, <c>label</c>, <c>name</c>, <c>scope</c>, <c>type</c>.</param>
    /// <exception cref="EngineException">A filter is unknown or its value malformed.</exception>
    public NetworkInspect[] Run(FilterSet filters)
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
        {
            if (type is not ("builtin" or "custom"))
                throw EngineException.InvalidParameter($"invalid filter: 'type'='{type}'");
        }
        return [.. networks.List().Where(network => Matches(network, filters)).Select(network => DescribeNetwork.Describe(network, containers: []))];
    }

    private static bool Matches(NetworkInfo network, FilterSet filters)
        => filters.Matches("driver", network.Driver)
            && filters.Matches("scope", network.Scope)
            && FilterRules.Patterns(filters, "name")(network.Name)
            && FilterRules.Patterns(filters, "id")(network.Id)
            // All networks here are built in: none is dangling, none has labels.
            && (filters["type"].Count == 0 || filters["type"].Contains("builtin", StringComparer.Ordinal))
            && (filters["dangling"] is [] or ["0" or "false"])
            && filters["label"].Count == 0;
}
