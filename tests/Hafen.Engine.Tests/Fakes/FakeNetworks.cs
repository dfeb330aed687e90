using Hafen.Errors;
using Hafen.Networking;

namespace Hafen.Engine.Tests.Fakes;

/// <summary>The three predefined networks, without a kernel.</summary>
internal sealed class FakeNetworks : INetworks
{
    private readonly Dictionary<string, FakeSandbox> _sandboxes = [];
    private readonly List<NetworkInfo> _made = [];

    public List<string> Reserved { get; } = [];
    public List<string> Connected { get; } = [];
    public List<string> Released { get; } = [];
    public IReadOnlyList<RunningSandbox>? Restored { get; private set; }

    public Exception? OpenFailure { get; set; }
    public Exception? ConnectFailure { get; set; }

    /// <summary>Holds up the making of interfaces until the test lets it go on.</summary>
    public TaskCompletionSource? ConnectGate { get; set; }
    public Exception? ReleaseFailure { get; set; }
    public IReadOnlyList<string> Warnings { get; set; } = [];

    public static NetworkInfo Bridge { get; } = Network("bridge", "bridge", 'b', NetworkReach.Connected) with { IsDefault = true, Gateway = "10.1.0.1" };
    public static NetworkInfo HostNetwork { get; } = Network("host", "host", 'c', NetworkReach.Host);
    public static NetworkInfo None { get; } = Network("none", "null", 'd', NetworkReach.Isolated);

    public Task OpenAsync(CancellationToken cancellationToken) => OpenFailure is null ? Task.CompletedTask : Task.FromException(OpenFailure);

    public IReadOnlyList<NetworkInfo> List() => [Bridge, HostNetwork, None, .. _made];

    public NetworkInfo? Find(string nameOrId)
        => nameOrId.Length == 0 ? null : List().FirstOrDefault(network => network.Name == nameOrId) ?? List().FirstOrDefault(network => network.Id.StartsWith(nameOrId, StringComparison.Ordinal));

    public NetworkInfo? ForContainer(string reference) => Find(reference == NetworkInfo.DefaultName ? Bridge.Name : reference);

    public Task<NetworkInfo> CreateAsync(NetworkRequest request, CancellationToken cancellationToken)
    {
        if (request.Name == NetworkInfo.DefaultName || Find(request.Name) is { Predefined: true } || request.Driver is "host" or "null")
            throw new NetworkException(ErrorKind.Forbidden, $"operation is not permitted on predefined {request.Name} network ");
        if (Find(request.Name) is not null)
            throw new NetworkException(ErrorKind.Conflict, $"network with name {request.Name} already exists");
        if (request.Driver != "bridge")
            throw new NetworkException(ErrorKind.NotFound, $"could not find plugin {request.Driver}");
        var made = Network(request.Name, request.Driver, (char)('e' + _made.Count), NetworkReach.Connected) with { Predefined = false, Labels = request.Labels };
        _made.Add(made);
        return Task.FromResult(made);
    }

    public Task RemoveAsync(string id, CancellationToken cancellationToken)
    {
        if (Find(id) is not { } network)
            throw new NetworkException(ErrorKind.NotFound, $"network {id} not found");
        lock (_sandboxes)
        {
            if (network.Predefined || _sandboxes.Values.Any(sandbox => sandbox.Endpoints.Any(endpoint => endpoint.NetworkId == network.Id)))
                throw new NetworkException(ErrorKind.Forbidden, $"network {network.Name} cannot be removed");
        }
        _made.Remove(network);
        return Task.CompletedTask;
    }

    public Task<ISandbox> CreateSandboxAsync(string id, CancellationToken cancellationToken)
    {
        var made = new FakeSandbox(this, id);
        lock (_sandboxes)
            _sandboxes[id] = made;
        return Task.FromResult<ISandbox>(made);
    }

    public ISandbox? FindSandbox(string id)
    {
        lock (_sandboxes)
            return _sandboxes.GetValueOrDefault(id);
    }

    public Task ReleaseSandboxAsync(string id, CancellationToken cancellationToken)
    {
        lock (_sandboxes)
        {
            Released.Add(id);
            _sandboxes.Remove(id);
        }
        return ReleaseFailure is null ? Task.CompletedTask : Task.FromException(ReleaseFailure);
    }

    public Task RestoreAsync(IReadOnlyList<RunningSandbox> running, CancellationToken cancellationToken)
    {
        Restored = running;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static NetworkInfo Network(string name, string driver, char digit, NetworkReach reach)
        => new() { Id = new string(digit, 64), Name = name, Driver = driver, Created = DateTimeOffset.UnixEpoch, Reach = reach, Predefined = true };

    private sealed class FakeSandbox(FakeNetworks owner, string id) : ISandbox
    {
        private readonly List<(Endpoint Endpoint, NetworkReach Reach)> _places = [];
        private bool _open;

        public string Id => id;

        public IReadOnlyList<Endpoint> Endpoints => _places.ConvertAll(static place => place.Endpoint);

        public string? NamespacePath => _open && !UsesHost ? "/proc/1/fd/7" : null;

        private bool UsesHost => _places.Exists(static place => place.Reach == NetworkReach.Host);

        public Endpoint Reserve(NetworkInfo network, EndpointRequest request)
        {
            if (_places.Find(place => place.Endpoint.NetworkId == network.Id) is { Endpoint: { } held })
                return held;
            lock (owner._sandboxes)
                owner.Reserved.Add(id);
            var endpoint = new Endpoint
            {
                Id = "e1",
                ContainerId = id,
                NetworkId = network.Id,
                NetworkName = network.Name,
                Address = network.Reach == NetworkReach.Connected ? "10.1.0.2" : null,
                PrefixLength = 16,
            };
            _places.Add((endpoint, network.Reach));
            return endpoint;
        }

        public Task OpenAsync(CancellationToken cancellationToken)
        {
            _open = true;
            return Task.CompletedTask;
        }

        public async Task ConnectAsync(CancellationToken cancellationToken)
        {
            if (UsesHost)
                return;
            lock (owner._sandboxes)
                owner.Connected.Add(id);
            if (owner.ConnectGate is { } gate)
                await gate.Task;
            if (owner.ConnectFailure is { } failure)
                throw failure;
        }

        public Task DisconnectAsync(string networkId, CancellationToken cancellationToken)
        {
            return _places.RemoveAll(place => place.Endpoint.NetworkId == networkId) > 0
                ? Task.CompletedTask
                : throw new NetworkException(ErrorKind.NotFound, $"container {id} is not connected to network {networkId}");
        }
    }
}
