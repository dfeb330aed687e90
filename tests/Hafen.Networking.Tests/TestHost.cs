using System.Net;
using System.Net.NetworkInformation;
using Hafen.Linux.Netlink;
using Hafen.Linux.Tests.Netlink;
using Hafen.Linux.Nftables;
using Hafen.Networking.Tests.NetworksRoom;

namespace Hafen.Networking.Tests;

/// <summary>A namespace that plays the host, and the networks in it.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("hft-");
    private readonly List<HostNetworks> _opened = [];

    public TestHost()
    {
        using var socket = Namespace.Socket();
        var batch = new NetlinkBatch(new byte[256]);
        batch.SetLink(1, up: true);
        socket.Execute(ref batch);
    }

    public TestNamespace Namespace { get; } = new();

    public string StateRoot => _state.FullName;

    public NetworkOptions Options => new() { StateRoot = StateRoot };

    /// <summary>A new start of the daemon; the earlier one has ended, and takes no more care of its rules.</summary>
    public HostNetworks Open(NetworkOptions? options = null)
    {
        foreach (var earlier in _opened)
            earlier.DisposeAsync().AsTask().GetAwaiter().GetResult();
        var networks = new HostNetworks(options ?? Options);
        _opened.Add(networks);
        Namespace.RunAsync(() => networks.OpenAsync(default));
        return networks;
    }

    /// <summary>Makes the interfaces of the sandbox of an endpoint, with everything done in the host's namespace as a daemon does it.</summary>
    public TestNamespace Connect(HostNetworks networks, Endpoint endpoint)
    {
        TestNamespace? made = null;
        Namespace.RunAsync(async () => made = await networks.ConnectAsync(endpoint));
        return made!;
    }

    public string Rules() => Namespace.Run(() =>
    {
        using var nftables = new Nftables();
        return nftables.Run("list ruleset");
    });

    public void Nft(string commands) => Namespace.Run(() =>
    {
        using var nftables = new Nftables();
        nftables.Run(commands);
    });

    public IReadOnlyList<LinkInfo> Links()
    {
        using var socket = Namespace.Socket();
        return socket.Links();
    }

    /// <summary>Adds an interface with an address, as a host's network card.</summary>
    public void AddInterface(string name, string address, int prefixLength, IPAddress? gateway = null, int mtu = 1500)
        => AddInterface(Namespace, name, address, prefixLength, gateway, mtu);

    public static void AddInterface(TestNamespace machine, string name, string address, int prefixLength, IPAddress? gateway = null, int mtu = 1500)
    {
        using var socket = machine.Socket();
        var creation = new NetlinkBatch(new byte[512]);
        creation.AddBridge(name, PhysicalAddress.Parse("02-42-00-00-00-99"), mtu);
        socket.Execute(ref creation);
        int index = socket.IndexOf(name);
        var batch = new NetlinkBatch(new byte[512]);
        batch.SetLink(index, up: true);
        batch.AddAddress(index, IPAddress.Parse(address), prefixLength);
        if (gateway is not null)
            batch.AddDefaultRoute(index, gateway);
        socket.Execute(ref batch);
    }

    /// <summary>Puts a machine on the network behind an interface of <see cref="AddInterface"/>.</summary>
    public void Plug(string name, TestNamespace machine, string address, int prefixLength, IPAddress gateway)
    {
        using NetlinkSocket socket = Namespace.Socket(), inside = machine.Socket();
        var pair = new NetlinkBatch(new byte[512]);
        pair.AddVeth(new VethPair
        {
            Name = "p" + name,
            Master = socket.IndexOf(name),
            Mtu = 1500,
            PeerName = "lan0",
            PeerAddress = PhysicalAddress.Parse("02-42-00-00-00-98"),
            PeerNamespace = (int)machine.Handle.DangerousGetHandle(),
        });
        socket.Execute(ref pair);
        int index = inside.IndexOf("lan0");
        var batch = new NetlinkBatch(new byte[512]);
        batch.SetLink(index, up: true);
        batch.AddAddress(index, IPAddress.Parse(address), prefixLength);
        batch.AddDefaultRoute(index, gateway);
        inside.Execute(ref batch);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var networks in _opened)
            await networks.DisposeAsync();
        Namespace.Dispose();
        _state.Delete(recursive: true);
    }
}
