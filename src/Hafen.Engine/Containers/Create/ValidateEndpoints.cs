using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Hafen.Api;
using Hafen.Networking;

namespace Hafen.Engine.Containers.Create;

/// <summary>Checks what a request wants of its networks.</summary>
internal static class ValidateEndpoints
{
    /// <param name="mode">The network mode.</param>
    /// <param name="config">Wishes by network.</param>
    /// <param name="networks">The networks there are.</param>
    /// <exception cref="EngineException">Docker's message, or the name of what cannot be done.</exception>
    public static void Check(string mode, NetworkingConfig? config, INetworks networks)
    {
        foreach (var (name, settings) in config?.EndpointsConfig ?? [])
        {
            if (settings is null)
                continue;
            CheckAddress(settings.IPAMConfig?.IPv4Address, AddressFamily.InterNetwork, "IPv4");
            CheckAddress(settings.IPAMConfig?.IPv6Address, AddressFamily.InterNetworkV6, "IPv6");
            // A network that is not there is the start's business.
            if (NetworkChoice.Find(networks, name) is { Predefined: true } || (name == mode && NamespaceMode.IsContainer(mode)))
                CheckPredefined(settings);
            if (!string.IsNullOrEmpty(settings.MacAddress) && !PhysicalAddress.TryParse(settings.MacAddress.Replace(':', '-'), out _))
                throw EngineException.InvalidParameter($"invalid MAC address {settings.MacAddress}");
            if (settings.Links is { Length: > 0 })
                throw EngineException.NotImplemented("links between containers are not supported");
            if (settings.DriverOpts is { Count: > 0 } options)
                throw EngineException.NotImplemented($"network driver options are not supported: {string.Join(", ", options.Keys.Order(StringComparer.Ordinal))}");
            if (settings.IPAMConfig?.LinkLocalIPs is { Length: > 0 })
                throw EngineException.NotImplemented("link-local addresses (LinkLocalIPs) are not supported");
        }
    }

    private static void CheckAddress(string? text, AddressFamily family, string kind)
    {
        if (!string.IsNullOrEmpty(text) && !(IPAddress.TryParse(text, out var address) && address.AddressFamily == family))
            throw EngineException.InvalidParameter($"invalid {kind} address: {text}");
    }

    private static void CheckPredefined(EndpointSettings settings)
    {
        if (!string.IsNullOrEmpty(settings.IPAMConfig?.IPv4Address) || !string.IsNullOrEmpty(settings.IPAMConfig?.IPv6Address))
            throw EngineException.InvalidParameter("user specified IP address is supported on user defined networks only");
        if (settings.Aliases is { Length: > 0 })
            throw EngineException.InvalidParameter("network-scoped alias is supported only for containers in user defined networks");
    }
}
