using Hafen.Api;
using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <summary>A container's networks as clients see them.</summary>
internal static class ContainerNetworks
{
    /// <summary>What was asked for and, while it runs, what it got; by network name.</summary>
    public static Dictionary<string, EndpointSettings> Endpoints(Container container)
    {
        var result = new Dictionary<string, EndpointSettings>(StringComparer.Ordinal);
        var held = container.State.Endpoints ?? [];
        foreach (var network in container.Record.Networks)
        {
            var endpoint = Array.Find(held, e => e.NetworkName == network.Name);
            result[network.Name] = network.Settings with
            {
                NetworkID = endpoint?.NetworkId,
                EndpointID = endpoint?.Id,
                Gateway = endpoint?.Gateway,
                IPAddress = endpoint?.Address,
                IPPrefixLen = endpoint?.PrefixLength ?? 0,
                MacAddress = endpoint?.MacAddress ?? network.Settings.MacAddress,
            };
        }
        return result;
    }

    /// <param name="container">The container.</param>
    /// <param name="defaultNetwork">Name of the network that is taken when nothing is said; old clients look for its addresses at the top.</param>
    public static NetworkSettings Settings(Container container, string? defaultNetwork)
    {
        var endpoints = Endpoints(container);
        bool running = Transitions.HasProcess(container.Status);
        var bridge = defaultNetwork is null ? null : endpoints.GetValueOrDefault(defaultNetwork);
        int pid = container.State.Pid;
        return new NetworkSettings
        {
            Bridge = "",
            SandboxID = running ? container.Id : "",
            SandboxKey = running && pid > 0 ? $"/proc/{pid}/ns/net" : "",
            Ports = Ports(container, running),
            EndpointID = bridge?.EndpointID,
            Gateway = bridge?.Gateway,
            IPAddress = bridge?.IPAddress,
            IPPrefixLen = bridge?.IPPrefixLen ?? 0,
            MacAddress = bridge?.MacAddress,
            Networks = endpoints,
        };
    }

    private static Dictionary<string, PortBinding[]?> Ports(Container container, bool running)
    {
        var ports = new Dictionary<string, PortBinding[]?>(StringComparer.Ordinal);
        // Without an interface of its own nothing of it can be reached.
        if (!running || container.State.Endpoints?.Any(static endpoint => endpoint.Address is not null) != true)
            return ports;
        foreach (string port in container.Record.Config.ExposedPorts?.Keys ?? Enumerable.Empty<string>())
            ports[port.Contains('/') ? port : port + "/tcp"] = null;
        return ports;
    }
}
