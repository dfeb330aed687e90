using Hafen.Api;
using Hafen.Networking;

namespace Hafen.Engine.Containers.Create;

/// <summary>The part of a request that says how the container is connected: what is not said is filled in, and what older clients say elsewhere is moved to its network.</summary>
internal static class AdaptNetwork
{
    /// <returns>The request with its network mode, and what the mode means.</returns>
    /// <exception cref="EngineException">A hardware address without a network that could have it.</exception>
    public static (ContainerCreateRequest Request, NetworkChoice Choice) To(
        ContainerCreateRequest request, INetworks networks, bool macIsTheContainers, List<string> warnings)
    {
        string? mode = request.HostConfig?.NetworkMode;
        if (mode is null or "" or NetworkInfo.DefaultName)
        {
            mode = NetworkChoice.Find(networks, NetworkInfo.DefaultName)?.Name ?? NetworkInfo.DefaultName;
            request = request with { HostConfig = (request.HostConfig ?? new HostConfig()) with { NetworkMode = mode } };
        }
        var choice = NetworkChoice.Of(mode, request.NetworkDisabled, networks);
        return (MoveMacAddress(request, choice, networks, macIsTheContainers, warnings), choice);
    }

    private static ContainerCreateRequest MoveMacAddress(
        ContainerCreateRequest request, NetworkChoice choice, INetworks networks, bool macIsTheContainers, List<string> warnings)
    {
        string? mac = request.MacAddress;
        if (string.IsNullOrEmpty(mac))
            return request;
        if (!choice.HasInterface)
            throw EngineException.InvalidParameter("conflicting options: mac-address and the network mode");
        var endpoints = new Dictionary<string, EndpointSettings?>(request.NetworkingConfig?.EndpointsConfig ?? [], StringComparer.Ordinal);
        string mode = request.HostConfig!.NetworkMode!;
        string key = endpoints.Keys.FirstOrDefault(name => name == mode || IsSame(NetworkChoice.Find(networks, name), choice.Network)) ?? mode;
        var endpoint = endpoints.GetValueOrDefault(key) ?? new EndpointSettings();
        if (!macIsTheContainers && !string.IsNullOrEmpty(endpoint.MacAddress) && endpoint.MacAddress != mac)
        {
            throw EngineException.InvalidParameter(
                "the container-wide MAC address must match the endpoint-specific MAC address for the main network, or be left empty");
        }
        endpoints[key] = endpoint with { MacAddress = mac };
        if (!macIsTheContainers)
            warnings.Add("The container-wide MacAddress field is now deprecated. It should be specified in EndpointsConfig instead.");
        return request with { MacAddress = null, NetworkingConfig = new NetworkingConfig { EndpointsConfig = endpoints } };
    }

    /// <summary>Two names of one network.</summary>
    public static bool IsSame(NetworkInfo? one, NetworkInfo? other) => one is not null && one.Id == other?.Id;
}
