using System.Net;
using System.Net.NetworkInformation;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.Netlink;
using Hafen.Networking.Addresses;
using Hafen.Networking.Bridge;
using Hafen.Networking.Files;
using Hafen.Networking.Firewall;
using Hafen.Networking.State;

namespace Hafen.Networking;

/// <content>What happens at the daemon's start, and its opposite.</content>
public sealed partial class Networks
{
    /// <inheritdoc/>
    /// <remarks>When the bridge fails, <c>host</c> and <c>none</c> work all the same, and whoever wants the bridge is told the reason.</remarks>
    /// <exception cref="NetworkException">The bridge or its rules cannot be set up.</exception>
    public Task OpenAsync(CancellationToken cancellationToken) => InTurnAsync("failed to set up the networks", () =>
    {
        _host ??= NetlinkSocket.Open();
        if (_options.EnableFirewall)
            _netfilter ??= NetlinkSocket.OpenNetfilter();
        var records = _store.Load();
        var host = Known(records, HostName, "host");
        var none = Known(records, NoneName, "null");
        Remember(host, records);
        Remember(none, records);
        _networks = [Describe(host), Describe(none)];
        if (_options.WithoutBridge)
            return;
        try
        {
            OpenBridge(_host, Known(records, BridgeName, "bridge"), records);
            _bridgeFailure = null;
        }
        catch (Exception exception)
        {
            _bridge = null;
            _bridgeFailure = exception.Message;
            throw;
        }
    }, cancellationToken);

    /// <summary>Takes the bridge, the firewall rules and, when Hafen switched it on, the forwarding away again: for tests and uninstalling. State files stay.</summary>
    /// <exception cref="NetworkException">The kernel refused.</exception>
    public Task RemoveAsync(CancellationToken cancellationToken) => InTurnAsync("failed to remove the networks", () =>
    {
        var bridge = _store.Load().FirstOrDefault(record => record.Name == BridgeName);
        if (bridge?.ForwardingSwitchedOn == true)
        {
            Forwarding.Set(false);
            _store.Save(bridge with { ForwardingSwitchedOn = null, ForwardingBoot = null, ForwardersBefore = null });
        }
        if (OtherOwner() is not null)
            return;
        // Nobody puts the rules back.
        _rules = null;
        if (_options.EnableFirewall)
            HostFirewall.Remove(_options.TableName);
        RemovePorts(except: []);
        var remembered = bridge?.MacAddress is { } mac && PhysicalAddress.TryParse(mac, out var parsed) ? parsed : null;
        if (Host.FindLink(_options.BridgeName) is { } link && BridgeDevice.IsOurs(link, remembered))
            BridgeDevice.Remove(Host, _options.BridgeName);
    }, cancellationToken);

    private void OpenBridge(NetlinkSocket socket, NetworkRecord record, IReadOnlyList<NetworkRecord> stored)
    {
        // It is listed from the first, so that asking for it tells why it is not there.
        _networks = [Describe(record), .. _networks];

        // 1. Two daemons cannot keep one bridge.
        if (OtherOwner() is { } other)
        {
            throw new NetworkException(ErrorKind.Conflict,
                $"the bridge {_options.BridgeName} is kept by another Hafen daemon (process {other}); give this one a name of its own with bridge-name");
        }

        // 2. What the host leaves free.
        var tables = HostTables.Read(socket);
        var mac = record.MacAddress is { } text && PhysicalAddress.TryParse(text, out var parsed) ? parsed : HardwareAddress.Random();
        var foreign = tables.Links.FirstOrDefault(link => link.Name == _options.BridgeName && !BridgeDevice.IsOurs(link, mac));
        // What somebody else's bridge is today counts, not what it was.
        string? remembered = foreign is null ? record.Address : null;
        var (gateway, subnet) = BridgeChoice.Address(_options, remembered, tables, ResolvConf.Nameservers(ResolvConf.ReadHostFile()));
        var settings = new BridgeSettings(_options.BridgeName, gateway, subnet, mac, _options.Mtu ?? foreign?.Mtu ?? BridgeChoice.Mtu(_options, tables));
        bool switchOn = _options.EnableForwarding && !Forwarding.IsOn;
        string boot = Forwarding.Boot;
        bool switchedOn = switchOn || (record.ForwardingSwitchedOn == true && (record.ForwardingBoot ?? boot) == boot);
        string? forwarders = switchOn ? Forwarding.OwnForwarders(tables.Links, except: settings.Name) : switchedOn ? record.ForwardersBefore : null;

        // 3. Remembered before it is done: after a crash in between the next start finishes it.
        Remember(record with
        {
            Address = $"{gateway}/{subnet.PrefixLength}",
            MacAddress = HardwareAddress.Format(mac),
            ForwardingSwitchedOn = switchedOn ? true : null,
            ForwardingBoot = switchedOn ? boot : null,
            ForwardersBefore = forwarders,
        }, stored);

        // 4. The kernel. The rules come before forwarding: a host is never an open router, not even for a moment.
        BridgeDevice.Ensure(socket, settings);
        var warnings = new List<string>(BridgeChoice.Overlaps(subnet, settings.Name, tables).Select(other =>
            $"the subnet {subnet} of {settings.Name} overlaps {other} of this host; containers cannot reach that (set bip)"));
        if (_options.EnableFirewall)
        {
            _rules = new FirewallRules
            {
                Table = _options.TableName,
                Bridge = settings,
                Masquerade = _options.EnableMasquerade,
                ForwardsForUsOnly = switchedOn,
                Forwarders = forwarders?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [],
            };
            warnings.AddRange(ApplyRules(_rules));
            try
            {
                _firewallWatch ??= new FirewallWatch(_rules.Table, RepairRules);
            }
            catch (LinuxException exception)
            {
                warnings.Add($"firewall rules of {settings.Name} that somebody removes come back with the next container only: {exception.Message}");
            }
        }
        if (switchOn)
            Forwarding.Set(true);
        else if (!Forwarding.IsOn)
            warnings.Add("IPv4 forwarding is off (net.ipv4.ip_forward), so containers reach nothing outside this host");

        // 5. What others see.
        _bridge = settings;
        _endpoints.Open(record.Id, subnet, gateway, _options.FixedCidr);
        _networks = [Describe(record), .. _networks[1..]];
        Warnings = warnings;
    }

    private static NetworkRecord Known(IReadOnlyList<NetworkRecord> records, string name, string driver) =>
        records.FirstOrDefault(record => record.Name == name && record.Driver == driver)
        ?? new NetworkRecord { Id = NetworkStore.NewId(), Name = name, Driver = driver, Created = DateTimeOffset.UtcNow };

    private void Remember(NetworkRecord record, IReadOnlyList<NetworkRecord> stored)
    {
        if (!stored.Contains(record))
            _store.Save(record);
    }

    private NetworkInfo Describe(NetworkRecord record)
    {
        var info = new NetworkInfo
        {
            Id = record.Id,
            Name = record.Name,
            Driver = record.Driver,
            Created = record.Created,
            Predefined = true,
            IsDefault = record.Name == (_options.WithoutBridge ? NoneName : BridgeName),
            Reach = record.Name switch
            {
                HostName => NetworkReach.Host,
                NoneName => NetworkReach.Isolated,
                _ => NetworkReach.Connected,
            },
        };
        if (info.Reach != NetworkReach.Connected || _bridge is not { } bridge)
            return info;
        return info with
        {
            Subnet = bridge.Subnet.ToString(),
            Gateway = bridge.Gateway.ToString(),
            Options = new Dictionary<string, string>
            {
                ["com.docker.network.bridge.default_bridge"] = "true",
                ["com.docker.network.bridge.enable_icc"] = "true",
                ["com.docker.network.bridge.enable_ip_masquerade"] = _options.EnableMasquerade && _options.EnableFirewall ? "true" : "false",
                ["com.docker.network.bridge.host_binding_ipv4"] = "0.0.0.0",
                ["com.docker.network.bridge.name"] = bridge.Name,
                ["com.docker.network.driver.mtu"] = bridge.Mtu.ToString(),
            },
        };
    }
}
