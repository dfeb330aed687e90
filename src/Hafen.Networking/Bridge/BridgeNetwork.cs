using System.Net;
using System.Net.NetworkInformation;
using Hafen.Errors;
using Hafen.Linux.Netlink;
using Hafen.Networking.Addresses;
using Hafen.Networking.Drivers;
using Hafen.Networking.Endpoints;
using Hafen.Networking.Files;
using Hafen.Networking.Kernel;
using Hafen.Networking.Sandboxes;
using Hafen.Networking.State;

namespace Hafen.Networking.Bridge;

/// <summary>A network that is a bridge of this host. The predefined one follows what the operator says; the others are what they were made as.</summary>
public sealed class BridgeNetwork : INetwork
{
    // Milliseconds a new port gets to start forwarding. It takes one at most; without it the container merely waits longer itself.
    private const int CarrierAttempts = 100;

    private readonly NetworkOptions _options;
    private readonly BridgeDriver _driver;
    private readonly HostStack _stack;
    private readonly EndpointTable _endpoints;
    private readonly bool _predefined;
    private BridgeSettings? _settings;

    internal BridgeNetwork(NetworkRecord record, NetworkOptions options, BridgeDriver driver, HostStack stack)
    {
        Record = record;
        Info = record.Describe();
        _options = options;
        _driver = driver;
        _stack = stack;
        _endpoints = new EndpointTable(record.Id, record.Name);
        _predefined = record.Name == driver.PredefinedName;
    }

    public NetworkRecord Record { get; private set; }

    public NetworkInfo Info { get; private set; }

    public IReadOnlyList<Endpoint> Endpoints => _endpoints.All();

    /// <summary>The bridge of an open network.</summary>
    internal BridgeSettings Settings => _settings ?? throw new NetworkException(ErrorKind.System, $"network {Record.Name} is not open");

    private string InterfaceName => _predefined ? _options.BridgeName : BridgeChoice.InterfaceName(Record.Id);

    public NetworkRecord Plan(IReadOnlyList<NetworkRecord> others)
    {
        // 1. Two daemons cannot keep one bridge.
        if (OtherOwner() is { } owner)
        {
            throw new NetworkException(ErrorKind.Conflict,
                $"the bridge {_options.BridgeName} is kept by another Hafen daemon (process {owner}); give this one a name of its own with bridge-name");
        }

        // 2. What the host leaves free, and our other networks.
        var host = HostTables.Read(_stack.Socket);
        var mac = KnownAddress() ?? HardwareAddress.Random();
        // What somebody else's bridge is today counts, not what it was.
        string? known = Foreign(host, mac) is null ? Record.Address : null;
        var occupied = others.Select(static other => other.Address is { } text && Subnet.TryParse(text, out _, out var subnet) ? subnet : (Subnet?)null).OfType<Subnet>();
        var (gateway, subnet) = BridgeChoice.Address(
            InterfaceName, _predefined ? _options.Bip : null, known, host, [.. occupied], ResolvConf.Nameservers(ResolvConf.ReadHostFile()));
        return Record with { Address = $"{gateway}/{subnet.PrefixLength}", MacAddress = HardwareAddress.Format(mac) };
    }

    public IReadOnlyList<string> Open(NetworkRecord planned)
    {
        var host = HostTables.Read(_stack.Socket);
        var mac = PhysicalAddress.Parse(planned.MacAddress!);
        if (!Subnet.TryParse(planned.Address!, out var gateway, out var subnet))
            throw new NetworkException(ErrorKind.System, $"network {planned.Name} has no address");
        var settings = new BridgeSettings(InterfaceName, gateway, subnet, mac, _options.Mtu ?? Foreign(host, mac)?.Mtu ?? BridgeChoice.Mtu(_options, host));
        BridgeDevice.Ensure(_stack.Socket, settings);
        _settings = settings;
        Record = planned;
        Subnet? range = _predefined && _options.FixedCidr is { } part && Subnet.TryParse(part, out _, out var inner) ? inner : null;
        _endpoints.Open(subnet, range, gateway);
        Info = Describe(planned, settings);
        _driver.Opened(this);
        return
        [
            .. BridgeChoice.Overlaps(subnet, settings.Name, host).Select(other =>
                $"the subnet {subnet} of {settings.Name} overlaps {other} of this host; containers cannot reach that{(_predefined ? " (set bip)" : "")}"),
        ];
    }

    public void Remove()
    {
        if (OtherOwner() is not null)
            return;
        _driver.Closed(this);
        Sweep(inUse: new HashSet<string>());
        if (_stack.Socket.FindLink(InterfaceName) is { } link && BridgeDevice.IsOurs(link, KnownAddress()))
            BridgeDevice.Remove(_stack.Socket, InterfaceName);
    }

    public Endpoint Reserve(string sandboxId, EndpointRequest request, string interfaceName)
    {
        var settings = Settings;
        return _endpoints.Reserve(sandboxId, request.Address, (endpoint, address) => endpoint with
        {
            Address = address!.ToString(),
            PrefixLength = settings.Subnet.PrefixLength,
            Gateway = settings.Gateway.ToString(),
            MacAddress = HardwareAddress.Format(request.MacAddress ?? HardwareAddress.For(address)),
            HostInterface = BridgePort.NewName(),
            ContainerInterface = interfaceName,
        });
    }

    public void Restore(Endpoint endpoint) => _endpoints.Restore(endpoint);

    public void Release(Endpoint endpoint) => _endpoints.Release(endpoint);

    public async Task ConnectAsync(Endpoint endpoint, SandboxNamespace place, bool defaultRoute, CancellationToken cancellationToken)
    {
        string doing = $"failed to connect container {endpoint.ContainerId} to network {Record.Name}";
        var settings = Settings;
        // Newer kernels forward at once when they are asked.
        bool forwarding = await _stack.InTurnAsync(doing, () =>
        {
            BridgePort.Attach(_stack.Socket, RepairedBridge(), settings, endpoint, place, defaultRoute);
            return IsForwarding();
        }, cancellationToken);
        for (int attempt = 0; !forwarding && attempt < CarrierAttempts; attempt++)
        {
            await Task.Delay(1, cancellationToken);
            forwarding = await _stack.InTurnAsync(doing, IsForwarding, cancellationToken);
        }

        bool IsForwarding() => BridgePort.IsForwarding(_stack.Socket, settings.Name, endpoint.HostInterface!);
    }

    public Task DisconnectAsync(Endpoint endpoint, CancellationToken cancellationToken) => endpoint.HostInterface is not { } port
        ? Task.CompletedTask
        : _stack.InTurnAsync($"failed to disconnect container {endpoint.ContainerId}", () =>
        {
            if (BridgePort.Deafen(_stack.Socket, port))
                _driver.SweepLater(port);
        }, cancellationToken);

    // Ports that somebody else put on our bridge stay, and so do those of another Hafen on another bridge.
    public void Sweep(IReadOnlySet<string> inUse)
    {
        if (OtherOwner() is not null)
            return;
        int bridge = _stack.Socket.IndexOf(InterfaceName);
        uint group = LinkGroup.Of(InterfaceName);
        foreach (var link in _stack.Socket.Links())
        {
            // One without a bridge has lost ours or another Hafen's.
            bool ours = link.Master == 0 ? link.Group == group : link.Master == bridge;
            if (ours && link.Kind == "veth" && BridgePort.IsOurName(link.Name) && !inUse.Contains(link.Name))
                BridgePort.Delete(_stack.Socket, link.Name);
        }
        // The bridge may be a new one.
        if (_settings is not null)
            Reconnect(bridge);
    }

    private NetworkInfo Describe(NetworkRecord record, BridgeSettings settings) => record.Describe() with
    {
        Subnet = settings.Subnet.ToString(),
        Gateway = settings.Gateway.ToString(),
        Options = _predefined
            ? new Dictionary<string, string>
            {
                ["com.docker.network.bridge.default_bridge"] = "true",
                ["com.docker.network.bridge.enable_icc"] = "true",
                ["com.docker.network.bridge.enable_ip_masquerade"] = _options.EnableMasquerade && _options.EnableFirewall ? "true" : "false",
                ["com.docker.network.bridge.host_binding_ipv4"] = "0.0.0.0",
                ["com.docker.network.bridge.name"] = settings.Name,
                ["com.docker.network.driver.mtu"] = settings.Mtu.ToString(),
            }
            : [],
    };

    private int? OtherOwner() => _driver.OtherOwner(InterfaceName);

    private PhysicalAddress? KnownAddress() => Record.MacAddress is { } text && PhysicalAddress.TryParse(text, out var parsed) ? parsed : null;

    private LinkInfo? Foreign(HostTables host, PhysicalAddress mac) =>
        host.Links.FirstOrDefault(link => link.Name == InterfaceName && !BridgeDevice.IsOurs(link, mac));

    // Somebody may have removed bridge or rules under a running daemon.
    private int RepairedBridge()
    {
        int index = _stack.Socket.IndexOf(InterfaceName);
        if (index == 0)
        {
            index = BridgeDevice.Ensure(_stack.Socket, Settings);
            Reconnect(index);
        }
        _driver.EnsureRules();
        return index;
    }

    // The ports of containers that run lose their bridge with it, and keep everything else.
    private void Reconnect(int bridge)
    {
        foreach (var endpoint in _endpoints.All())
        {
            if (endpoint.HostInterface is { } port)
                BridgePort.Connect(_stack.Socket, port, bridge);
        }
    }
}
