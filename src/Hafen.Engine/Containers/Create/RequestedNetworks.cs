using Hafen.Api;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers.Create;

/// <summary>The networks a request puts a container in.</summary>
internal static class RequestedNetworks
{
    /// <summary>The network of the mode first, then the others by name; none when another container's namespace is shared.</summary>
    /// <param name="disabled">Nothing but the loopback interface, whatever the mode says.</param>
    public static ContainerNetwork[] Of(string mode, NetworkingConfig? config, bool disabled)
    {
        if (NamespaceMode.IsContainer(mode)) return [];
        if (disabled) return [new ContainerNetwork { Name = NamespaceMode.None, Settings = new EndpointSettings() }];
        var networks = new List<ContainerNetwork>();
        EndpointSettings? first = null;
        foreach (var (name, settings) in config?.EndpointsConfig ?? [])
        {
            if (name == mode || (name == "default" && mode == "bridge")) first = settings;
            else networks.Add(new ContainerNetwork { Name = name, Settings = settings ?? new EndpointSettings() });
        }
        networks.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        networks.Insert(0, new ContainerNetwork { Name = mode, Settings = first ?? new EndpointSettings() });
        return [.. networks];
    }
}
