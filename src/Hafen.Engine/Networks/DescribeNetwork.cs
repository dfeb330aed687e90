using Hafen.Api;
using Hafen.Networking;

namespace Hafen.Engine.Networks;

/// <summary>A network as the API shows it.</summary>
internal static class DescribeNetwork
{
    /// <param name="network">The network.</param>
    /// <param name="containers">Who is in it, by container ID; lists do not say.</param>
    public static NetworkInspect Describe(NetworkInfo network, Dictionary<string, NetworkContainer> containers) => new()
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
        Containers = containers,
        Options = network.Options,
        Labels = network.Labels,
    };
}
