using System.Net;
using Hafen.Errors;
using Hafen.Networking.Addresses;
using Hafen.Networking.State;

namespace Hafen.Networking.Endpoints;

/// <summary>Which sandbox holds which place and address in one network. Thread-safe; no call waits for the kernel.</summary>
public sealed class EndpointTable(string networkId, string networkName)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Endpoint> _endpoints = new(StringComparer.Ordinal);
    private AddressPool? _pool;

    /// <summary>Says which addresses there are. Endpoints that are held already stay.</summary>
    /// <param name="subnet">All of them.</param>
    /// <param name="range">Those that are given to who asks for none in particular; null for the whole subnet.</param>
    /// <param name="gateway">The host's own.</param>
    public void Open(Subnet subnet, Subnet? range, IPAddress gateway)
    {
        lock (_lock)
        {
            _pool = new AddressPool(subnet, range);
            _pool.Take(gateway);
            foreach (var endpoint in _endpoints.Values)
                TakeAgain(endpoint);
        }
    }

    /// <summary>Gives a sandbox its place, the same one when it has one already.</summary>
    /// <param name="sandboxId">The sandbox.</param>
    /// <param name="wanted">The address that is asked for; null for the next free one. Without meaning in a network that has no addresses.</param>
    /// <param name="complete">Adds what the driver says of it; gets the address, null in a network that has none.</param>
    /// <exception cref="NetworkException">The address is taken or out of range, or none is left.</exception>
    public Endpoint Reserve(string sandboxId, IPAddress? wanted, Func<Endpoint, IPAddress?, Endpoint> complete)
    {
        lock (_lock)
        {
            if (_endpoints.TryGetValue(sandboxId, out var held))
                return held;
            var address = _pool is null ? null : Take(_pool, wanted);
            var endpoint = complete(new Endpoint { Id = NetworkStore.NewId(), ContainerId = sandboxId, NetworkId = networkId, NetworkName = networkName }, address);
            _endpoints.Add(sandboxId, endpoint);
            return endpoint;
        }
    }

    public IReadOnlyList<Endpoint> All()
    {
        lock (_lock)
            return [.. _endpoints.Values];
    }

    /// <summary>The place and its address are free again.</summary>
    public void Release(Endpoint endpoint)
    {
        lock (_lock)
        {
            if (_endpoints.TryGetValue(endpoint.ContainerId, out var held) && held.Id == endpoint.Id && _endpoints.Remove(endpoint.ContainerId) && endpoint.Address is not null)
                _pool?.Return(IPAddress.Parse(endpoint.Address));
        }
    }

    /// <summary>Takes note of a place from before the daemon's restart.</summary>
    public void Restore(Endpoint endpoint)
    {
        lock (_lock)
        {
            if (_endpoints.TryAdd(endpoint.ContainerId, endpoint))
                TakeAgain(endpoint);
        }
    }

    private IPAddress Take(AddressPool pool, IPAddress? wanted)
    {
        if (wanted is null)
        {
            return pool.Take() ?? throw new NetworkException(
                ErrorKind.Unavailable, $"no available IPv4 addresses on this network's address pools: {networkName} ({networkId})");
        }
        return pool.Take(wanted) ? wanted : throw new NetworkException(ErrorKind.Forbidden, "Address already in use");
    }

    // An address from before the network got another subnet is nobody's any more.
    private void TakeAgain(Endpoint endpoint)
    {
        if (_pool is null || endpoint.Address is null || !IPAddress.TryParse(endpoint.Address, out var address))
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
