using Hafen.Errors;
using Hafen.Networking.Bridge;
using Hafen.Networking.Drivers;
using Hafen.Networking.Kernel;
using Hafen.Networking.Sandboxes;
using Hafen.Networking.State;

namespace Hafen.Networking;

/// <summary>
/// The networks of this host, kept in the kernel and in <c>networks/</c> below the state folder, and the sandboxes in them. Which address belongs to whom is not
/// written down: it follows from the containers that run (<see cref="RestoreAsync"/>).
/// </summary>
public sealed partial class HostNetworks : INetworks
{
    private readonly HostStack _stack = new();
    private readonly NetworkStore _store;
    private readonly IReadOnlyList<INetworkDriver> _drivers;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, Sandbox> _sandboxes = new(StringComparer.Ordinal);
    // Why a network that is there does not work, by its ID. As the lists below, replaced as a whole.
    private volatile Dictionary<string, string> _failures = [];
    private volatile INetwork[] _networks = [];
    private volatile NetworkInfo[] _infos = [];
    private bool _disposed;

    /// <exception cref="NetworkException">An option is malformed.</exception>
    public HostNetworks(NetworkOptions options)
    {
        OptionsCheck.Verify(options);
        _store = new NetworkStore(options.StateFolder);
        _options = options;
        _drivers = NetworkDrivers.All(options, _stack);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public IReadOnlyList<NetworkInfo> List() => _infos;

    public NetworkInfo? Find(string nameOrId)
    {
        if (nameOrId.Length == 0)
            return null;
        var infos = _infos;
        var exact = Array.Find(infos, network => network.Name == nameOrId || network.Id == nameOrId);
        if (exact is not null)
            return exact;
        var matching = Array.FindAll(infos, network => network.Id.StartsWith(nameOrId, StringComparison.Ordinal));
        return matching.Length switch
        {
            0 => null,
            1 => matching[0],
            _ => throw new NetworkException(ErrorKind.Ambiguous, $"network {nameOrId} is ambiguous ({matching.Length} matches found based on ID prefix)"),
        };
    }

    /// <inheritdoc/>
    public NetworkInfo? ForContainer(string reference)
    {
        // Where there is no bridge, who asks for it gets what is taken in its place.
        bool meansDefault = reference == NetworkInfo.DefaultName || (_options.WithoutBridge && reference == BridgeDriver.DriverName);
        return meansDefault ? Array.Find(_infos, network => network.IsDefault) : Find(reference);
    }

    /// <inheritdoc/>
    public async Task<ISandbox> CreateSandboxAsync(string id, CancellationToken cancellationToken)
    {
        await ReleaseSandboxAsync(id, cancellationToken);
        var made = new Sandbox(id, Working, _stack);
        lock (_lock)
            _sandboxes[id] = made;
        return made;
    }

    /// <inheritdoc/>
    public ISandbox? FindSandbox(string id)
    {
        lock (_lock)
            return _sandboxes.GetValueOrDefault(id);
    }

    /// <inheritdoc/>
    /// <exception cref="NetworkException">The kernel refused; what it refused is still held.</exception>
    public async Task ReleaseSandboxAsync(string id, CancellationToken cancellationToken)
    {
        Sandbox? sandbox;
        lock (_lock)
            sandbox = _sandboxes.GetValueOrDefault(id);
        if (sandbox is null)
            return;
        await sandbox.ReleaseAsync(cancellationToken);
        lock (_lock)
        {
            if (ReferenceEquals(_sandboxes.GetValueOrDefault(id), sandbox))
                _sandboxes.Remove(id);
        }
    }

    /// <inheritdoc/>
    public async Task RestoreAsync(IReadOnlyList<RunningSandbox> running, CancellationToken cancellationToken)
    {
        foreach (var former in running)
            Restore(former);
        HashSet<string> inUse = [.. running.SelectMany(static sandbox => sandbox.Endpoints).Select(static endpoint => endpoint.HostInterface).OfType<string>()];
        await _stack.InTurnAsync("failed to remove leftover interfaces", () =>
        {
            foreach (var network in _networks)
                network.Sweep(inUse);
        }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        foreach (var driver in _drivers)
            await driver.DisposeAsync();
        lock (_lock)
        {
            // Their processes keep what they are in.
            foreach (var sandbox in _sandboxes.Values)
                sandbox.Detach();
            _sandboxes.Clear();
        }
        _stack.Dispose();
    }

    private void Restore(RunningSandbox former)
    {
        var sandbox = new Sandbox(former.Id, Working, _stack);
        foreach (var endpoint in former.Endpoints)
        {
            if (Array.Find(_networks, network => network.Record.Id == endpoint.NetworkId) is { } network)
                sandbox.Restore(network, endpoint);
        }
        if (former.Pid > 0)
            sandbox.Restore(former.Pid);
        lock (_lock)
            _sandboxes[former.Id] = sandbox;
    }

    // A network by its ID, when it works.
    private INetwork Working(string id)
    {
        var network = Array.Find(_networks, network => network.Record.Id == id)
            ?? throw new NetworkException(ErrorKind.NotFound, $"network {id} not found");
        return _failures.TryGetValue(id, out string? failure)
            ? throw new NetworkException(ErrorKind.System, $"network {network.Record.Name} is not available: {failure}")
            : network;
    }
}
