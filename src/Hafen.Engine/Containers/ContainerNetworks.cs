using Hafen.Api;
using Hafen.Engine.Containers.Create;
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

    public static NetworkSettings Settings(Container container)
    {
        var endpoints = Endpoints(container);
        bool running = Transitions.HasProcess(container.Status);
        endpoints.TryGetValue("bridge", out var bridge);
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
        if (!running || container.Record.HostConfig.NetworkMode is NamespaceMode.Host or NamespaceMode.None) return ports;
        foreach (string port in container.Record.Config.ExposedPorts?.Keys ?? Enumerable.Empty<string>())
            ports[port.Contains('/') ? port : port + "/tcp"] = null;
        return ports;
    }
}
