using System.Net;
using System.Net.NetworkInformation;
using Hafen.Errors;
using Hafen.Networking.Addresses;
using Hafen.Networking.Bridge;
using Hafen.Networking.State;

namespace Hafen.Networking;

/// <summary>Which container holds which endpoint and address. Thread-safe; no call waits for the kernel.</summary>
public sealed class EndpointTable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<(string ContainerId, string NetworkId), Endpoint> _endpoints = [];
    private AddressPool? _pool;
    private string? _bridgeId;

    /// <summary>Says which addresses there are. Endpoints that are held already stay.</summary>
    public void Open(string bridgeId, Subnet subnet, IPAddress gateway, string? fixedCidr)
    {
        lock (_lock)
        {
            Subnet? range = fixedCidr is not null && Subnet.TryParse(fixedCidr, out _, out var part) ? part : null;
            _bridgeId = bridgeId;
            _pool = new AddressPool(subnet, range);
            _pool.Take(gateway);
            foreach (var endpoint in _endpoints.Values)
                TakeAddress(endpoint);
        }
    }

    /// <summary>Gives a container its endpoint on the bridge, the same one when it has one already.</summary>
    /// <exception cref="NetworkException">The requested address is taken or out of range, or none is left.</exception>
    public Endpoint Reserve(string containerId, NetworkInfo network, BridgeSettings bridge, IPAddress? address, PhysicalAddress? mac)
    {
        lock (_lock)
        {
            if (_endpoints.TryGetValue((containerId, network.Id), out var held))
                return held;
            var taken = TakeAddress(network, address);
            return Add(NewEndpoint(containerId, network) with
            {
                Address = taken.ToString(),
                PrefixLength = bridge.Subnet.PrefixLength,
                Gateway = bridge.Gateway.ToString(),
                MacAddress = HardwareAddress.Format(mac ?? HardwareAddress.For(taken)),
                HostInterface = BridgePort.NewName(),
                ContainerInterface = BridgePort.ContainerInterface,
            });
        }
    }

    /// <summary>Gives a container its endpoint in a network without addresses, the same one when it has one already.</summary>
    public Endpoint Reserve(string containerId, NetworkInfo network)
    {
        lock (_lock)
            return _endpoints.TryGetValue((containerId, network.Id), out var held) ? held : Add(NewEndpoint(containerId, network));
    }

    public IReadOnlyList<Endpoint> All()
    {
        lock (_lock)
            return [.. _endpoints.Values];
    }

    public IReadOnlyList<Endpoint> Of(string containerId)
    {
        lock (_lock)
            return [.. _endpoints.Values.Where(endpoint => endpoint.ContainerId == containerId)];
    }

    /// <summary>Gives back all that a container holds.</summary>
    public void Release(string containerId)
    {
        lock (_lock)
        {
            foreach (var endpoint in _endpoints.Values.Where(endpoint => endpoint.ContainerId == containerId).ToArray())
            {
                _endpoints.Remove((containerId, endpoint.NetworkId));
                if (endpoint.NetworkId == _bridgeId && endpoint.Address is not null)
                    _pool?.Return(IPAddress.Parse(endpoint.Address));
            }
        }
    }

    /// <summary>Takes note of endpoints from before the daemon's restart.</summary>
    public void Restore(IReadOnlyList<Endpoint> running)
    {
        lock (_lock)
        {
            foreach (var endpoint in running)
            {
                if (_endpoints.TryAdd((endpoint.ContainerId, endpoint.NetworkId), endpoint))
                    TakeAddress(endpoint);
            }
        }
    }

    private static Endpoint NewEndpoint(string containerId, NetworkInfo network) =>
        new() { Id = NetworkStore.NewId(), ContainerId = containerId, NetworkId = network.Id, NetworkName = network.Name };

    private Endpoint Add(Endpoint endpoint)
    {
        _endpoints.Add((endpoint.ContainerId, endpoint.NetworkId), endpoint);
        return endpoint;
    }

    private IPAddress TakeAddress(NetworkInfo network, IPAddress? requested)
    {
        if (requested is null)
        {
            return _pool!.Take() ?? throw new NetworkException(
                ErrorKind.Unavailable, $"no available IPv4 addresses on this network's address pools: {network.Name} ({network.Id})");
        }
        return _pool!.Take(requested) ? requested : throw new NetworkException(ErrorKind.Forbidden, "Address already in use");
    }

    // An address from before the bridge got another subnet is nobody's any more.
    private void TakeAddress(Endpoint endpoint)
    {
        if (_pool is null || endpoint.NetworkId != _bridgeId || endpoint.Address is null || !IPAddress.TryParse(endpoint.Address, out var address))
            return;
        try
        {
            _pool.Take(address);
        }
        catch (NetworkException exception) when (exception.Kind == ErrorKind.InvalidParameter)
        {
        }
    }
}
