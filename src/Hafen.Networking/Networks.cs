using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Netlink;
using Hafen.Networking.Bridge;
using Hafen.Networking.Firewall;
using Hafen.Networking.State;

namespace Hafen.Networking;

/// <summary>
/// The networks of this host, kept in the kernel and in <c>networks/</c> below the state folder. Which address belongs to whom is not
/// written down: it follows from the containers that run (<see cref="RestoreAsync"/>).
/// </summary>
public sealed partial class Networks : INetworks
{
    // Milliseconds a new port gets to start forwarding. It takes one at most; without it the container merely waits longer itself.
    private const int CarrierAttempts = 100;

    private const string BridgeName = "bridge", HostName = "host", NoneName = "none";

    private readonly NetworkOptions _options;
    private readonly NetworkStore _store;
    private readonly EndpointTable _endpoints = new();
    private readonly PortSweeper _sweeper;
    // One exchange with the kernel at a time: its own lock admits no more, and waiters here hold no thread.
    private readonly SemaphoreSlim _kernel = new(1);
    private NetlinkSocket? _host;
    private NetlinkSocket? _netfilter;
    private FirewallRules? _rules;
    private FirewallWatch? _firewallWatch;
    // The rules as the kernel lists them.
    private string? _listed;
    private NetworkInfo[] _networks = [];
    private BridgeSettings? _bridge;
    private string? _bridgeFailure;
    private bool _disposed;

    /// <exception cref="NetworkException">An option is malformed.</exception>
    public Networks(NetworkOptions options)
    {
        OptionsCheck.Verify(options);
        _options = options;
        _store = new NetworkStore(Path.Combine(options.StateRoot, "networks"));
        _sweeper = new PortSweeper(SweepAsync);
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>What <c>host-gateway</c> in an extra host stands for; null when there is neither a bridge nor an option for it.</summary>
    public IPAddress? HostGateway => _options.HostGateway ?? _bridge?.Gateway;

    private NetlinkSocket Host => _host ?? throw new InvalidOperationException("the networks are not open");

    private BridgeSettings Bridge => _bridge
        ?? throw new NetworkException(ErrorKind.System, $"network bridge is not available: {_bridgeFailure ?? "it is not open"}");

    public IReadOnlyList<NetworkInfo> List() => _networks;

    public NetworkInfo? Find(string nameOrId)
    {
        if (nameOrId.Length == 0)
            return null;
        var exact = Array.Find(_networks, network => network.Name == nameOrId || network.Id == nameOrId);
        if (exact is not null)
            return exact;
        var matching = Array.FindAll(_networks, network => network.Id.StartsWith(nameOrId, StringComparison.Ordinal));
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
        bool meansDefault = reference == NetworkInfo.DefaultName || (_options.WithoutBridge && reference == BridgeName);
        return meansDefault ? Array.Find(_networks, network => network.IsDefault) : Find(reference);
    }

    /// <inheritdoc/>
    public Endpoint Reserve(string containerId, NetworkInfo network, IPAddress? address, PhysicalAddress? mac)
    {
        if (network.Reach == NetworkReach.Connected)
            return _endpoints.Reserve(containerId, network, Bridge, address, mac);
        return address is null
            ? _endpoints.Reserve(containerId, network)
            : throw new NetworkException(ErrorKind.InvalidParameter, "user specified IP address is supported on user defined networks only");
    }

    /// <inheritdoc/>
    /// <exception cref="NetworkException">The kernel refused; nothing is left behind.</exception>
    public async Task AttachAsync(Endpoint endpoint, SafeHandle networkNamespace, CancellationToken cancellationToken)
    {
        var network = Find(endpoint.NetworkId)
            ?? throw new NetworkException(ErrorKind.NotFound, $"network {endpoint.NetworkName} not found");
        if (network.Reach == NetworkReach.Host)
            return;
        string doing = $"failed to connect container {endpoint.ContainerId} to network {network.Name}";
        if (network.Reach == NetworkReach.Isolated)
        {
            await InTurnAsync(doing, () => BridgePort.AttachNothing(networkNamespace), cancellationToken);
            return;
        }

        // Newer kernels forward at once when they are asked.
        bool forwarding = await InTurnAsync(doing, () =>
        {
            BridgePort.Attach(Host, RepairedBridge(), Bridge, endpoint, networkNamespace);
            return BridgePort.IsForwarding(Host, Bridge.Name, endpoint.HostInterface!);
        }, cancellationToken);
        for (int attempt = 0; !forwarding && attempt < CarrierAttempts; attempt++)
        {
            await Task.Delay(1, cancellationToken);
            forwarding = await InTurnAsync(doing, () => BridgePort.IsForwarding(Host, Bridge.Name, endpoint.HostInterface!), cancellationToken);
        }
    }

    public async Task ReleaseAsync(string containerId, CancellationToken cancellationToken)
    {
        string[] ports = [.. _endpoints.Of(containerId).Select(endpoint => endpoint.HostInterface).OfType<string>()];
        if (ports.Length > 0)
        {
            // Deaf first, free afterwards: the next holder of the address must not hear from this one.
            await InTurnAsync($"failed to disconnect container {containerId}", () =>
            {
                foreach (string port in ports)
                {
                    if (BridgePort.Deafen(Host, port))
                        _sweeper.Add(port);
                }
            }, cancellationToken);
        }
        _endpoints.Release(containerId);
    }

    public async Task RestoreAsync(IReadOnlyList<Endpoint> running, CancellationToken cancellationToken)
    {
        _endpoints.Restore(running);
        HashSet<string> used = [.. running.Select(endpoint => endpoint.HostInterface).OfType<string>()];
        await InTurnAsync("failed to remove leftover interfaces", () =>
        {
            if (OtherOwner() is null)
                RemovePorts(except: used);
            // The bridge may be a new one.
            if (_bridge is not null)
                Reconnect(BridgeIndex());
        }, cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        _firewallWatch?.Dispose();
        await _sweeper.DisposeAsync();
        _host?.Dispose();
        _netfilter?.Dispose();
        _kernel.Dispose();
    }

    private async Task SweepAsync(IReadOnlyList<string> ports, CancellationToken cancellationToken)
    {
        foreach (string port in ports)
        {
            try
            {
                await InTurnAsync("failed to remove a leftover interface", () => BridgePort.Delete(Host, port), cancellationToken);
            }
            catch (NetworkException)
            {
                // It is deaf already; the next start tries again (RestoreAsync).
            }
        }
    }

    // Ports that somebody else put on our bridge stay, and so do those of another Hafen on another bridge.
    private void RemovePorts(HashSet<string> except)
    {
        int bridge = Host.IndexOf(_options.BridgeName);
        uint group = LinkGroup.Of(_options.BridgeName);
        foreach (var link in Host.Links())
        {
            // One without a bridge has lost ours or another Hafen's.
            bool ours = link.Master == 0 ? link.Group == group : link.Master == bridge;
            if (ours && link.Kind == "veth" && BridgePort.IsOurName(link.Name) && !except.Contains(link.Name))
                BridgePort.Delete(Host, link.Name);
        }
    }

    // The process of another daemon that keeps the bridge of our name.
    private int? OtherOwner() => BridgeOwner.Other(Host.FindLink(_options.BridgeName)?.Alias);

    private int BridgeIndex() => Host.IndexOf(Bridge.Name);

    // Somebody may have removed bridge or rules under a running daemon: "nft flush ruleset" is how some firewalls begin.
    private int RepairedBridge()
    {
        int index = BridgeIndex();
        if (index == 0)
        {
            index = BridgeDevice.Ensure(Host, Bridge);
            Reconnect(index);
        }
        EnsureRules();
        return index;
    }

    private void EnsureRules()
    {
        if (_rules is { } rules && _netfilter is { } netfilter && !netfilter.HasTable(rules.Table))
            ApplyRules(rules);
    }

    private IReadOnlyList<string> ApplyRules(FirewallRules rules)
    {
        var advice = HostFirewall.Apply(rules);
        // They may be gone again already; their absence is not what is wanted.
        _listed = HostFirewall.List(rules.Table) ?? _listed;
        return advice;
    }

    // Called by the watch, in its thread, after something of our table was removed; by our own replacing it, too.
    private void RepairRules()
    {
        _kernel.Wait();
        try
        {
            if (!_disposed && _rules is { } rules && (HostFirewall.List(rules.Table) is not { } listed || listed != _listed))
                ApplyRules(rules);
        }
        catch (Exception exception) when (exception is NetlinkException or LinuxException or NetworkException)
        {
            // The next removal, and the next container that is connected, try again.
        }
        finally
        {
            _kernel.Release();
        }
    }

    // The ports of containers that run lose their bridge with it, and keep everything else.
    private void Reconnect(int bridge)
    {
        foreach (var endpoint in _endpoints.All())
        {
            if (endpoint.HostInterface is { } port)
                BridgePort.Connect(Host, port, bridge);
        }
    }

    private Task<bool> InTurnAsync(string doing, Action work, CancellationToken cancellationToken) => InTurnAsync(doing, () =>
    {
        work();
        return true;
    }, cancellationToken);

    private async Task<T> InTurnAsync<T>(string doing, Func<T> work, CancellationToken cancellationToken)
    {
        await _kernel.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            return work();
        }
        catch (Exception exception) when (exception is NetlinkException or LinuxException)
        {
            throw new NetworkException(ErrorKind.System, $"{doing}: {exception.Message}", exception);
        }
        finally
        {
            _kernel.Release();
        }
    }
}
