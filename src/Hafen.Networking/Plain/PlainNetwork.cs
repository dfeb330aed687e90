using Hafen.Errors;
using Hafen.Networking.Drivers;
using Hafen.Networking.Endpoints;
using Hafen.Networking.Sandboxes;
using Hafen.Networking.State;

namespace Hafen.Networking.Plain;

/// <summary>A network without addresses and interfaces.</summary>
public sealed class PlainNetwork(NetworkRecord record, NetworkReach reach) : INetwork
{
    private readonly EndpointTable _endpoints = new(record.Id, record.Name);

    public NetworkRecord Record => record;

    public NetworkInfo Info { get; } = record.Describe() with { Reach = reach };

    public IReadOnlyList<Endpoint> Endpoints => _endpoints.All();

    public NetworkRecord Plan(IReadOnlyList<NetworkRecord> others) => record;

    public IReadOnlyList<string> Open(NetworkRecord planned) => [];

    public void Remove()
    {
    }

    public Endpoint Reserve(string sandboxId, EndpointRequest request, string interfaceName) => request.Address is null
        ? _endpoints.Reserve(sandboxId, null, static (endpoint, _) => endpoint)
        : throw new NetworkException(ErrorKind.InvalidParameter, "user specified IP address is supported on user defined networks only");

    public void Restore(Endpoint endpoint) => _endpoints.Restore(endpoint);

    public void Release(Endpoint endpoint) => _endpoints.Release(endpoint);

    public Task ConnectAsync(Endpoint endpoint, SandboxNamespace place, bool defaultRoute, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task DisconnectAsync(Endpoint endpoint, CancellationToken cancellationToken) => Task.CompletedTask;

    public void Sweep(IReadOnlySet<string> inUse)
    {
    }
}
