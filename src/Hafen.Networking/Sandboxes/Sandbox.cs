using System.Globalization;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Networking.Drivers;
using Hafen.Networking.Kernel;

namespace Hafen.Networking.Sandboxes;

/// <summary>A sandbox in networks of ours.</summary>
/// <param name="id">That of its container.</param>
/// <param name="find">The network of an ID, ready for use.</param>
/// <param name="stack">The host's network stack.</param>
internal sealed class Sandbox(string id, Func<string, INetwork> find, HostStack stack) : ISandbox
{
    private readonly List<Place> _places = [];
    private SandboxNamespace? _namespace;
    private Task _connecting = Task.CompletedTask;

    public string Id => id;

    public IReadOnlyList<Endpoint> Endpoints => [.. _places.Select(static place => place.Endpoint)];

    public string? NamespacePath => _namespace?.Path;

    public Endpoint Reserve(NetworkInfo network, EndpointRequest request)
    {
        if (_places.Find(place => place.Endpoint.NetworkId == network.Id) is { } held)
            return held.Endpoint;
        var found = find(network.Id);
        var endpoint = found.Reserve(id, request, FreeInterface());
        _places.Add(new Place(found, endpoint));
        return endpoint;
    }

    public Task OpenAsync(CancellationToken cancellationToken) => _namespace is not null || UsesHost
        ? Task.CompletedTask
        : stack.InTurnAsync("failed to make a network namespace", () => _namespace = SandboxNamespace.Create(), cancellationToken);

    public Task ConnectAsync(CancellationToken cancellationToken) => _connecting = ConnectAllAsync(cancellationToken);

    public async Task DisconnectAsync(string networkId, CancellationToken cancellationToken)
    {
        var place = _places.Find(place => place.Endpoint.NetworkId == networkId)
            ?? throw new NetworkException(ErrorKind.NotFound, $"container {id} is not connected to network {networkId}");
        await GiveUpAsync(place, cancellationToken);
    }

    /// <summary>Takes over what a former daemon has left.</summary>
    public void Restore(INetwork network, Endpoint endpoint)
    {
        network.Restore(endpoint);
        _places.Add(new Place(network, endpoint) { Connected = true, HasDefaultRoute = IsNextDefaultRoute(endpoint) });
    }

    /// <summary>Takes over the namespace that a former daemon has made.</summary>
    /// <param name="pid">A process in it. One that has ended meanwhile is its container's end, which is dealt with elsewhere.</param>
    public void Restore(int pid)
    {
        if (UsesHost)
            return;
        try
        {
            _namespace = SandboxNamespace.Of(pid);
        }
        catch (LinuxException)
        {
        }
    }

    /// <summary>This daemon has nothing to do with it any more; it goes on.</summary>
    public void Detach()
    {
        _namespace?.Dispose();
        _namespace = null;
    }

    /// <summary>Gives everything back.</summary>
    /// <exception cref="NetworkException">The kernel refused; what it refused is still held.</exception>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        // An interface must not be made after it was given back.
        await _connecting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var place in _places.ToArray())
            await GiveUpAsync(place, cancellationToken);
        Detach();
    }

    private bool UsesHost => _places.Exists(static place => place.Network.Info.Reach == NetworkReach.Host);

    // The first place that can leads to the rest of the world.
    private bool IsNextDefaultRoute(Endpoint endpoint) => endpoint.Gateway is not null && !_places.Exists(static other => other.HasDefaultRoute);

    private async Task ConnectAllAsync(CancellationToken cancellationToken)
    {
        if (_namespace is not { } inside)
            return;
        // Whoever begins it has other things to do meanwhile.
        await Task.Yield();
        try
        {
            foreach (var place in _places)
            {
                if (place.Connected)
                    continue;
                bool defaultRoute = IsNextDefaultRoute(place.Endpoint);
                await place.Network.ConnectAsync(place.Endpoint, inside, defaultRoute, cancellationToken);
                place.Connected = true;
                place.HasDefaultRoute = defaultRoute;
            }
        }
        finally
        {
            inside.CloseSocket();
        }
    }

    // Deaf first, free afterwards: the next holder of the address must not hear from this one.
    private async Task GiveUpAsync(Place place, CancellationToken cancellationToken)
    {
        await place.Network.DisconnectAsync(place.Endpoint, cancellationToken);
        place.Network.Release(place.Endpoint);
        _places.Remove(place);
    }

    private string FreeInterface()
    {
        for (int number = 0; ; number++)
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"eth{number}");
            if (!_places.Exists(place => place.Endpoint.ContainerInterface == name))
                return name;
        }
    }

    private sealed class Place(INetwork network, Endpoint endpoint)
    {
        public INetwork Network => network;

        public Endpoint Endpoint => endpoint;

        public bool Connected { get; set; }

        public bool HasDefaultRoute { get; set; }
    }
}
