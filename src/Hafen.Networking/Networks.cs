using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using Hafen.Linux;
using Hafen.Linux.Netlink;
using Hafen.Networking.Addresses;
using Hafen.Networking.Bridge;
using Hafen.Networking.Files;
using Hafen.Networking.Firewall;
using Hafen.Networking.State;

namespace Hafen.Networking;

/// <summary>
/// The networks of this host, kept in the kernel and in <c>networks/</c> below the state folder. Which address belongs to whom is not
/// written down: it follows from the containers that run (<see cref="RestoreAsync"/>).
/// </summary>
public sealed class Networks : INetworks
{
    // Milliseconds a new port gets to start forwarding. It takes one at most; without it the container merely waits longer itself.
    private const int CarrierAttempts = 100;

    private readonly NetworkOptions _options;
    private readonly NetworkStore _store;
    private readonly EndpointTable _endpoints = new();
    private readonly PortSweeper _sweeper;
    // One exchange with the kernel at a time: its own lock admits no more, and waiters here hold no thread.
    private readonly SemaphoreSlim _kernel = new(1);
    private NetlinkSocket? _host;
    private NetworkInfo[] _networks = [];
    private BridgeSettings? _bridge;
    private bool _disposed;

    /// <exception cref="NetworkException">An option is malformed.</exception>
    public Networks(NetworkOptions options)
    {
        OptionsCheck.Verify(options);
        _options = options;
        _store = new NetworkStore(Path.Combine(options.StateRoot, "networks"));
        _sweeper = new PortSweeper(Sweep);
    }

    /// <summary>What the operator should know about this host, for example a firewall that drops what containers send. Filled by <see cref="OpenAsync"/>.</summary>
    public IReadOnlyList<string> Warnings { get; private set; } = [];

    /// <summary>What <c>host-gateway</c> in an extra host stands for.</summary>
    public IPAddress HostGateway => _options.HostGateway ?? Bridge.Gateway;

    private BridgeSettings Bridge => _bridge ?? throw new InvalidOperationException("the networks are not open");

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await _kernel.WaitAsync(cancellationToken);
        try
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _host ??= NetlinkSocket.Open();

            // 1. What is remembered.
            IReadOnlyList<NetworkRecord> records = _store.Load();
            NetworkRecord bridge = Known(records, "bridge", "bridge");
            NetworkRecord host = Known(records, "host", "host");
            NetworkRecord none = Known(records, "none", "null");

            // 2. What the host leaves free.
            HostTables tables = HostTables.Read(_host);
            (IPAddress gateway, Subnet subnet) = BridgeChoice.Address(_options, bridge.Address, tables, ResolvConf.Nameservers(ResolvConf.ReadHostFile()));
            PhysicalAddress mac = bridge.MacAddress is { } text && PhysicalAddress.TryParse(text, out PhysicalAddress? parsed) ? parsed : HardwareAddress.Random();
            var settings = new BridgeSettings(_options.BridgeName, gateway, subnet, mac, BridgeChoice.Mtu(_options, tables));
            bool switchOn = _options.EnableForwarding && !Forwarding.IsOn;

            // 3. Remembered before it is done: after a crash in between the next start finishes it.
            Remember(host, records);
            Remember(none, records);
            Remember(bridge with
            {
                Address = $"{gateway}/{subnet.PrefixLength}",
                MacAddress = HardwareAddress.Format(mac),
                ForwardingSwitchedOn = switchOn || bridge.ForwardingSwitchedOn == true ? true : null,
            }, records);

            // 4. The kernel. The rules come before forwarding: a host is never an open router, not even for a moment.
            BridgeDevice.Ensure(_host, settings);
            var warnings = new List<string>(
                BridgeChoice.Overlaps(subnet, settings.Name, tables).Select(other => $"the subnet {subnet} of {settings.Name} overlaps {other} of this host; containers cannot reach that (set bip)"));
            if (_options.EnableFirewall)
            {
                bool guard = switchOn || bridge.ForwardingSwitchedOn == true;
                warnings.AddRange(HostFirewall.Apply(new FirewallRules
                {
                    Table = _options.TableName,
                    Bridge = settings,
                    Masquerade = _options.EnableMasquerade,
                    Guarded = guard ? [.. tables.Uplinks.Select(link => link.Name)] : [],
                }));
            }
            if (switchOn)
                Forwarding.Set(true);
            else if (!Forwarding.IsOn)
                warnings.Add("IPv4 forwarding is off (net.ipv4.ip_forward), so containers reach nothing outside this host");

            // 5. What others see.
            _bridge = settings;
            _endpoints.Open(bridge.Id, subnet, gateway, _options.FixedCidr);
            _networks = [Describe(bridge), Describe(host), Describe(none)];
            Warnings = warnings;
        }
        finally
        {
            _kernel.Release();
        }
    }

    public IReadOnlyList<NetworkInfo> List() => _networks;

    public NetworkInfo? Find(string nameOrId)
    {
        if (nameOrId.Length == 0)
            return null;
        NetworkInfo? exact = Array.Find(_networks, network => network.Name == nameOrId || network.Id == nameOrId);
        if (exact is not null)
            return exact;
        NetworkInfo[] matching = Array.FindAll(_networks, network => network.Id.StartsWith(nameOrId, StringComparison.Ordinal));
        return matching.Length switch
        {
            0 => null,
            1 => matching[0],
            _ => throw new NetworkException(NetworkErrorKind.Ambiguous, $"network {nameOrId} is ambiguous ({matching.Length} matches found based on ID prefix)"),
        };
    }

    /// <inheritdoc/>
    /// <exception cref="NetworkException">No such network, or the address cannot be had.</exception>
    public Endpoint Reserve(string containerId, string network, IPAddress? address, PhysicalAddress? mac)
    {
        NetworkInfo found = Find(network == "default" ? "bridge" : network)
            ?? throw new NetworkException(NetworkErrorKind.NotFound, $"network {network} not found");
        if (found.Driver != "bridge" && address is not null)
            throw new NetworkException(NetworkErrorKind.InvalidParameter, "user specified IP address is supported on user defined networks only");
        return _endpoints.Reserve(containerId, found, Bridge, address, mac);
    }

    public async Task AttachAsync(Endpoint endpoint, SafeHandle networkNamespace, CancellationToken cancellationToken)
    {
        NetworkInfo network = Find(endpoint.NetworkId)
            ?? throw new NetworkException(NetworkErrorKind.NotFound, $"network {endpoint.NetworkName} not found");
        if (network.Driver == "host")
            return;
        if (!await ConnectAsync(network, endpoint, networkNamespace, cancellationToken))
            await AwaitForwardingAsync(endpoint.HostInterface!, cancellationToken);
    }

    // Tells whether packets pass already, as they do at once with a newer kernel.
    private async Task<bool> ConnectAsync(NetworkInfo network, Endpoint endpoint, SafeHandle networkNamespace, CancellationToken cancellationToken)
    {
        await _kernel.WaitAsync(cancellationToken);
        try
        {
            if (network.Driver == "null")
            {
                BridgePort.AttachNothing(networkNamespace);
                return true;
            }
            BridgePort.Attach(Host, BridgeIndex(), Bridge, endpoint, networkNamespace);
            return BridgePort.IsForwarding(Host, Bridge.Name, endpoint.HostInterface!);
        }
        catch (Exception exception) when (exception is NetlinkException or LinuxException)
        {
            throw new NetworkException(
                NetworkErrorKind.System, $"failed to connect container {endpoint.ContainerId} to network {network.Name}: {exception.Message}", exception);
        }
        finally
        {
            _kernel.Release();
        }
    }

    private async Task AwaitForwardingAsync(string port, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < CarrierAttempts; attempt++)
        {
            await Task.Delay(1, cancellationToken);
            await _kernel.WaitAsync(cancellationToken);
            try
            {
                if (BridgePort.IsForwarding(Host, Bridge.Name, port))
                    return;
            }
            finally
            {
                _kernel.Release();
            }
        }
    }

    public async Task ReleaseAsync(string containerId, CancellationToken cancellationToken)
    {
        IReadOnlyList<Endpoint> held = _endpoints.Of(containerId);
        string[] ports = [.. held.Select(endpoint => endpoint.HostInterface).OfType<string>()];
        if (ports.Length > 0)
        {
            await _kernel.WaitAsync(cancellationToken);
            try
            {
                // Deaf first, free afterwards: the next holder of the address must not hear from this one.
                foreach (string port in ports)
                {
                    if (BridgePort.Deafen(Host, port))
                        _sweeper.Add(port);
                }
            }
            finally
            {
                _kernel.Release();
            }
        }
        _endpoints.Release(containerId);
    }

    public async Task RestoreAsync(IReadOnlyList<Endpoint> running, CancellationToken cancellationToken)
    {
        _endpoints.Restore(running);
        HashSet<string> used = [.. running.Select(endpoint => endpoint.HostInterface).OfType<string>()];
        await _kernel.WaitAsync(cancellationToken);
        try
        {
            RemovePorts(except: used);
        }
        finally
        {
            _kernel.Release();
        }
    }

    /// <summary>Takes the bridge, the firewall rules and, when Hafen switched it on, the forwarding away again: for tests and uninstalling. State files stay.</summary>
    public async Task RemoveAsync(CancellationToken cancellationToken)
    {
        await _kernel.WaitAsync(cancellationToken);
        try
        {
            NetworkRecord? bridge = _store.Load().FirstOrDefault(record => record.Name == "bridge");
            if (bridge?.ForwardingSwitchedOn == true)
            {
                Forwarding.Set(false);
                _store.Save(bridge with { ForwardingSwitchedOn = null });
            }
            if (_options.EnableFirewall)
                HostFirewall.Remove(_options.TableName);
            RemovePorts(except: []);
            BridgeDevice.Remove(Host, _options.BridgeName);
        }
        finally
        {
            _kernel.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_disposed)
            return;
        _disposed = true;
        await _sweeper.DisposeAsync();
        _host?.Dispose();
        _kernel.Dispose();
    }

    // Somebody may have removed the bridge under a running daemon.
    private int BridgeIndex() => Host.IndexOf(Bridge.Name) is var index and not 0 ? index : BridgeDevice.Ensure(Host, Bridge);

    private NetlinkSocket Host => _host ?? throw new InvalidOperationException("the networks are not open");

    private async Task Sweep(IReadOnlyList<string> ports, CancellationToken cancellationToken)
    {
        foreach (string port in ports)
        {
            await _kernel.WaitAsync(cancellationToken);
            try
            {
                if (Host.IndexOf(port) != 0)
                    BridgePort.Delete(Host, port);
            }
            catch (NetlinkException)
            {
                // It is deaf already; the next start tries again (RestoreAsync).
            }
            finally
            {
                _kernel.Release();
            }
        }
    }

    // Ports that somebody else put on our bridge stay, and so do those of another Hafen on another bridge.
    private void RemovePorts(HashSet<string> except)
    {
        int bridge = Host.IndexOf(_options.BridgeName);
        foreach (LinkInfo link in Host.Links())
        {
            if (link.Kind == "veth" && BridgePort.IsOurName(link.Name) && (link.Master == bridge || link.Master == 0) && !except.Contains(link.Name))
                BridgePort.Delete(Host, link.Name);
        }
    }

    private static NetworkRecord Known(IReadOnlyList<NetworkRecord> records, string name, string driver) =>
        records.FirstOrDefault(record => record.Name == name && record.Driver == driver)
        ?? new NetworkRecord { Id = NetworkStore.NewId(), Name = name, Driver = driver, Created = DateTimeOffset.UtcNow };

    private void Remember(NetworkRecord record, IReadOnlyList<NetworkRecord> stored)
    {
        if (!stored.Contains(record))
            _store.Save(record);
    }

    private NetworkInfo Describe(NetworkRecord record) => new()
    {
        Id = record.Id,
        Name = record.Name,
        Driver = record.Driver,
        Created = record.Created,
        Subnet = record.Driver == "bridge" ? Bridge.Subnet.ToString() : null,
        Gateway = record.Driver == "bridge" ? Bridge.Gateway.ToString() : null,
        Options = record.Driver != "bridge" ? new Dictionary<string, string>() : new Dictionary<string, string>
        {
            ["com.docker.network.bridge.default_bridge"] = "true",
            ["com.docker.network.bridge.enable_icc"] = "true",
            ["com.docker.network.bridge.enable_ip_masquerade"] = _options.EnableMasquerade && _options.EnableFirewall ? "true" : "false",
            ["com.docker.network.bridge.host_binding_ipv4"] = "0.0.0.0",
            ["com.docker.network.bridge.name"] = Bridge.Name,
            ["com.docker.network.driver.mtu"] = Bridge.Mtu.ToString(),
        },
    };
}
