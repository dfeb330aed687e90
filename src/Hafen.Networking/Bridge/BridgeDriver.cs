using Hafen.Linux.Netlink;
using Hafen.Networking.Drivers;
using Hafen.Networking.Firewall;
using Hafen.Networking.Kernel;
using Hafen.Networking.State;

namespace Hafen.Networking.Bridge;

/// <summary>Networks that are a bridge of this host each. They share the firewall table, the switch for forwarding and the sweeper of what outlives a container.</summary>
public sealed class BridgeDriver : INetworkDriver
{
    /// <summary>Name of the driver and of its predefined network.</summary>
    public const string DriverName = "bridge";

    private readonly NetworkOptions _options;
    private readonly HostStack _stack;
    private readonly FirewallTable? _firewall;
    private readonly ForwardingSwitch _forwarding;
    private readonly PortSweeper _sweeper;
    // In the order of their coming.
    private readonly List<BridgeNetwork> _open = [];

    public BridgeDriver(NetworkOptions options, HostStack stack)
    {
        _options = options;
        _stack = stack;
        _firewall = options.EnableFirewall ? new FirewallTable(options.TableName, stack) : null;
        _forwarding = new ForwardingSwitch(options.EnableForwarding, new NetworkStore(options.StateFolder));
        _sweeper = new PortSweeper(SweepAsync);
    }

    public string Name => DriverName;

    public string? PredefinedName => DriverName;

    public bool HasPredefined => !_options.WithoutBridge;

    public bool Creates => true;

    public IReadOnlyList<string> Warnings { get; private set; } = [];

    public INetwork Of(NetworkRecord record) => new BridgeNetwork(record, _options, this, _stack);

    public void Commit()
    {
        var bridges = _open.ConvertAll(static network => network.Settings);
        if (bridges.Count == 0)
        {
            _firewall?.Remove();
            Warnings = [];
            return;
        }
        var warnings = new List<string>();
        var (forwarding, switchOn) = _forwarding.Decide(_stack.Socket.Links(), bridges.ConvertAll(static bridge => bridge.Name));
        if (_forwarding.LeftAlone is { } reason)
            warnings.Add(reason);

        // The rules come before forwarding: a host is never an open router, not even for a moment.
        if (_firewall is not null)
        {
            warnings.AddRange(_firewall.Set(new FirewallRules
            {
                Table = _options.TableName,
                Bridges = bridges,
                Masquerade = _options.EnableMasquerade,
                ForwardsForUsOnly = forwarding.SwitchedOn,
                Forwarders = forwarding.ForwardersBefore?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            }));
        }
        if (switchOn)
            Forwarding.Set(true);
        else if (!Forwarding.IsOn)
            warnings.Add("IPv4 forwarding is off (net.ipv4.ip_forward), so containers reach nothing outside this host");
        Warnings = warnings;
    }

    public void Uninstall()
    {
        _forwarding.GiveBack();
        // Another daemon that keeps the default bridge keeps the table, too.
        if (OtherOwner(_options.BridgeName) is null)
            _firewall?.Remove();
    }

    public async ValueTask DisposeAsync()
    {
        _firewall?.Dispose();
        await _sweeper.DisposeAsync();
    }

    /// <summary>A network works from now on; the next <see cref="Commit"/> takes it into account.</summary>
    internal void Opened(BridgeNetwork network)
    {
        if (!_open.Contains(network))
            _open.Add(network);
    }

    /// <summary>It does not any more.</summary>
    internal void Closed(BridgeNetwork network) => _open.Remove(network);

    /// <summary>
    /// The process of another daemon that keeps the bridge of our default network's name, or one that is called like it. The firewall table follows from that
    /// name, so nothing of ours works beside it.
    /// </summary>
    internal int? OtherOwner(string bridge) =>
        BridgeOwner.Other(_stack.Socket.FindLink(_options.BridgeName)?.Alias) ?? BridgeOwner.Other(_stack.Socket.FindLink(bridge)?.Alias);

    /// <summary>The rules are there, whatever others have done.</summary>
    internal void EnsureRules() => _firewall?.Ensure();

    /// <summary>A port must go, if the kernel does not remove it with its sandbox.</summary>
    internal void SweepLater(string port) => _sweeper.Add(port);

    private async Task SweepAsync(IReadOnlyList<string> ports, CancellationToken cancellationToken)
    {
        foreach (string port in ports)
        {
            try
            {
                await _stack.InTurnAsync("failed to remove a leftover interface", () => BridgePort.Delete(_stack.Socket, port), cancellationToken);
            }
            catch (NetworkException)
            {
                // It is deaf already; the next start tries again (INetwork.Sweep).
            }
        }
    }
}
