using System.Diagnostics;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Hafen.Errors;
using Hafen.Linux.Netlink;
using Hafen.Linux.Tests.Netlink;
using Hafen.Networking.Bridge;

namespace Hafen.Networking.Tests.NetworksRoom;

public sealed class NetworksTests
{
    [Fact]
    public async Task ABridgeIsMadeOnceAndRememberedAcrossStarts()
    {
        await using var host = new TestHost();
        var first = host.Open();
        var bridge = first.Find("bridge")!;
        Assert.Equal("172.17.0.0/16", bridge.Subnet);
        Assert.Equal("172.17.0.1", bridge.Gateway);
        Assert.Equal(64, bridge.Id.Length);
        var link = Assert.Single(host.Links(), link => link.Name == "hafen0");
        Assert.True(link.Up);
        Assert.Equal("bridge", link.Kind);
        Assert.StartsWith("0242", link.Address!.ToString(), StringComparison.Ordinal);

        var second = host.Open();
        Assert.Equal(first.List().Select(network => network.Id), second.List().Select(network => network.Id));
        Assert.Equal(["bridge", "host", "none"], second.List().Select(network => network.Name));
        Assert.Equal(link, Assert.Single(host.Links(), link => link.Name == "hafen0"));

        // The machine was rebooted: the kernel forgot, the disk did not.
        host.Nft("flush ruleset");
        host.Namespace.RunAsync(() => second.UninstallAsync(default));
        var third = host.Open();
        Assert.Equal(bridge.Id, third.Find("bridge")!.Id);
        Assert.Equal(link.Address, Assert.Single(host.Links(), link => link.Name == "hafen0").Address);
        Assert.Contains("masquerade", host.Rules(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task TheSubnetAvoidsWhatTheHostHas()
    {
        await using var host = new TestHost();
        host.AddInterface("hft-lan", "172.17.200.9", 24, IPAddress.Parse("172.17.200.1"), mtu: 1400);
        var networks = host.Open();
        Assert.Equal("172.18.0.0/16", networks.Find("bridge")!.Subnet);
        Assert.Equal(1400, Assert.Single(host.Links(), link => link.Name == "hafen0").Mtu);
        Assert.Empty(networks.Warnings);
    }

    [Fact]
    public async Task AnOverlapThatCameLaterIsToldAndTheSubnetStays()
    {
        await using var host = new TestHost();
        host.Open();
        host.AddInterface("hft-vpn", "172.17.9.1", 24);
        var networks = host.Open();
        Assert.Equal("172.17.0.0/16", networks.Find("bridge")!.Subnet);
        Assert.Contains(networks.Warnings, warning => warning.Contains("172.17.9.0/24", StringComparison.Ordinal));
    }

    [Fact]
    public async Task BipMovesTheBridge()
    {
        await using var host = new TestHost();
        host.Open();
        var networks = host.Open(host.Options with { Bip = "10.66.0.9/24" });
        Assert.Equal("10.66.0.9", networks.Find("bridge")!.Gateway);
        using var socket = host.Namespace.Socket();
        int index = socket.IndexOf("hafen0");
        var address = Assert.Single(socket.Addresses(), address => address.Index == index);
        Assert.Equal("10.66.0.9", address.Address.ToString());
        Assert.Contains("10.66.0.0/24", host.Rules(), StringComparison.Ordinal);
        Assert.DoesNotContain("172.17.0.0/16", host.Rules(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnInterfaceOfAnotherKindIsNotTouched()
    {
        await using var host = new TestHost();
        using TestNamespace other = new();
        host.AddInterface("hft-br", "10.1.0.1", 24);
        using var socket = host.Namespace.Socket();
        var batch = new NetlinkBatch(new byte[512]);
        batch.AddVeth(new VethPair
        {
            Name = "hafen0",
            Master = socket.IndexOf("hft-br"),
            Mtu = 1500,
            PeerName = "far",
            PeerAddress = PhysicalAddress.Parse("02-42-00-00-00-01"),
            PeerNamespace = (int)other.Handle.DangerousGetHandle(),
        });
        socket.Execute(ref batch);
        var networks = new HostNetworks(host.Options);
        await Assert.ThrowsAsync<NetworkException>(() => host.Namespace.Run(() => networks.OpenAsync(default)));
        Assert.Equal("veth", socket.FindLink("hafen0")!.Kind);

        // Who does not need the bridge is not bothered.
        Assert.Null(networks.Reserve("a", "none", null, null).Address);
        await networks.RestoreAsync([], default);
        var exception = Assert.Throws<NetworkException>(() => networks.Reserve("b", "bridge", null, null));
        Assert.Contains("is no bridge", exception.Message, StringComparison.Ordinal);
        await networks.DisposeAsync();
    }

    [Fact]
    public async Task WithoutABridgeItsContainersHaveNoNetwork()
    {
        await using var host = new TestHost();
        var networks = host.Open(host.Options with { WithoutBridge = true });
        Assert.Equal(["host", "none"], networks.List().Select(network => network.Name));
        Assert.Null(networks.Find("bridge"));
        var endpoint = networks.Reserve("a", "bridge", null, null);
        Assert.Equal(("none", null), (endpoint.NetworkName, endpoint.Address));
        Assert.Equal("none", networks.Reserve("b", "default", null, null).NetworkName);
        // By netlink, for /sys shows the links of the namespace it was mounted in, which is the machine's.
        Assert.DoesNotContain(host.Links(), link => link.Name == "hafen0");
    }

    [Fact]
    public async Task AContainerTalksToTheBridgeAndToItsNeighbour()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var first = networks.Reserve("a", "bridge", null, null);
        var second = networks.Reserve("b", "default", null, null);
        using var a = await networks.ConnectAsync(first);
        using var b = await networks.ConnectAsync(second);

        Assert.Equal(("172.17.0.2", "02:42:ac:11:00:02", 16, "eth0"), (first.Address, first.MacAddress, first.PrefixLength, first.ContainerInterface));
        Assert.Equal("172.17.0.3", second.Address);
        Assert.Equal("hello", Talk(host.Namespace, a, "172.17.0.2"));
        Assert.Equal("hello", Talk(b, a, "172.17.0.2"));
        Assert.Equal("hello", Talk(a, b, "172.17.0.3"));
        Assert.Equal("hello", Talk(a, a, "127.0.0.1"));

        using var inside = a.Socket();
        Assert.Contains(inside.Routes(), route => route.PrefixLength == 0 && route.Gateway!.ToString() == "172.17.0.1");
        // Asked for by name, for the kernel to list several settings at once.
        Assert.Equal("1", a.Run(() => NetworkSysctl.Read("ipv6/conf/eth0/disable_ipv6")));
        Assert.Equal("1", a.Run(() => NetworkSysctl.Read("ipv6/conf/default/disable_ipv6")));
        Assert.Equal("0", a.Run(() => NetworkSysctl.Read("ipv6/conf/lo/disable_ipv6")));
    }

    [Fact]
    public async Task TheFirstPacketOfAContainerIsNotLost()
    {
        // A lost ARP request would be repeated after a second; here it is not repeated at all, so that what is lost never comes.
        for (int round = 0; round < 4; round++)
        {
            await using var host = new TestHost();
            var networks = host.Open(host.Options with { EnableFirewall = false });
            for (int i = 0; i < 5; i++)
            {
                using var container = await networks.ConnectAsync(networks.Reserve($"c{i}", "bridge", null, null));
                container.Run(() =>
                {
                    File.WriteAllText("/proc/sys/net/ipv4/neigh/eth0/mcast_solicit", "1");
                    File.WriteAllText("/proc/sys/net/ipv4/neigh/eth0/retrans_time_ms", "60000");
                });
                Assert.Equal("hello", Talk(container, host.Namespace, "172.17.0.1"));
            }
        }
    }

    [Fact]
    public async Task NoneHasALoopbackOnlyAndHostIsLeftAlone()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var none = networks.Reserve("a", "none", null, null);
        Assert.Null(none.Address);
        using var container = await networks.ConnectAsync(none);
        using var inside = container.Socket();
        Assert.True(Assert.Single(inside.Links()).Up);

        networks.Reserve("b", "host", null, null);
        var untouched = networks.FindSandbox("b")!;
        await untouched.OpenAsync(default);
        await untouched.ConnectAsync(default);
        Assert.Null(untouched.NamespacePath);
    }

    [Fact]
    public async Task AReleasedAddressGoesToTheNextAndTheOldPortIsDeaf()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        // The former container's namespace stays alive, as if a process were left in it.
        var first = networks.Reserve("a", "bridge", null, null);
        using var former = await networks.ConnectAsync(first);
        await networks.ReleaseSandboxAsync("a", default);
        await networks.ReleaseSandboxAsync("a", default);

        var second = networks.Reserve("b", "bridge", null, null);
        Assert.Equal(first.Address, second.Address);
        using var next = await networks.ConnectAsync(second);
        for (int i = 0; i < 5; i++)
        {
            // The former holder speaks up with the same addresses, and must not draw the answers to itself.
            Shout(former, "172.17.0.1");
            Assert.Equal("hello", Talk(host.Namespace, next, "172.17.0.2"));
        }

        for (int i = 0; i < 600 && host.Links().Any(link => link.Name == first.HostInterface); i++)
            await Task.Delay(100);
        Assert.DoesNotContain(host.Links(), link => link.Name == first.HostInterface);
        Assert.Contains(host.Links(), link => link.Name == second.HostInterface);
    }

    [Fact]
    public async Task AStartRemovesLeftoversAndKeepsWhatRuns()
    {
        await using var host = new TestHost();
        var before = host.Open();
        using TestNamespace foreign = new();
        var running = before.Reserve("a", "bridge", null, null);
        var dead = before.Reserve("b", "bridge", null, null);
        using var a = await before.ConnectAsync(running);
        using var b = await before.ConnectAsync(dead);
        using var socket = host.Namespace.Socket();
        var batch = new NetlinkBatch(new byte[512]);
        batch.AddVeth(new VethPair
        {
            Name = "hft-own",
            Master = socket.IndexOf("hafen0"),
            Mtu = 1500,
            PeerName = "far",
            PeerAddress = PhysicalAddress.Parse("02-42-00-00-00-01"),
            PeerNamespace = (int)foreign.Handle.DangerousGetHandle(),
        });
        socket.Execute(ref batch);

        var after = host.Open();
        await after.RestoreAsync([new RunningSandbox(running.ContainerId, 0, [running])], default);
        string[] names = [.. host.Links().Select(link => link.Name)];
        Assert.Contains(running.HostInterface, names);
        Assert.DoesNotContain(dead.HostInterface, names);
        Assert.Contains("hft-own", names);
        Assert.Equal("hello", Talk(host.Namespace, a, "172.17.0.2"));
        Assert.Equal(running, after.Reserve("a", "bridge", null, null));
        Assert.Equal("172.17.0.3", after.Reserve("c", "bridge", null, null).Address);
    }

    [Fact]
    public async Task ABridgeThatAnotherDaemonKeepsIsRefusedAndItsPortsStay()
    {
        await using var host = new TestHost();
        var first = host.Open();
        var running = first.Reserve("a", "bridge", null, null);
        using var a = await first.ConnectAsync(running);
        string rules = host.Rules();
        using var other = Process.Start(new ProcessStartInfo("sleep", "600"))!;
        try
        {
            GiveBridgeTo(host, BridgeOwner.AliasOf(other.Id));
            await using var second = new HostNetworks(host.Options with { StateRoot = host.StateRoot + "/other" });
            var refused = Assert.Throws<NetworkException>(() => host.Namespace.RunAsync(() => second.OpenAsync(default)));
            Assert.Equal($"the bridge hafen0 is kept by another Hafen daemon (process {other.Id}); give this one a name of its own with bridge-name", refused.Message);
            await second.RestoreAsync([], default);
            host.Namespace.RunAsync(() => second.UninstallAsync(default));
            Assert.Contains(host.Links(), link => link.Name == running.HostInterface);
            Assert.Equal(rules, host.Rules());
            Assert.Equal("hello", Talk(host.Namespace, a, "172.17.0.2"));
            Assert.Throws<NetworkException>(() => second.Reserve("b", "bridge", null, null));
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync();
        }

        // Its daemon runs no more: whoever comes next keeps the bridge.
        await using var third = new HostNetworks(host.Options with { StateRoot = host.StateRoot + "/third" });
        host.Namespace.RunAsync(() => third.OpenAsync(default));
        Assert.Equal(BridgeOwner.Alias, Assert.Single(host.Links(), link => link.Name == "hafen0").Alias);
    }

    private static void GiveBridgeTo(TestHost host, string alias)
    {
        using var socket = host.Namespace.Socket();
        var batch = new NetlinkBatch(new byte[512]);
        batch.ChangeLink(socket.IndexOf("hafen0"), alias: alias);
        socket.Execute(ref batch);
    }

    [Fact]
    public async Task APortOfAnotherHafenThatHasLostItsBridgeIsLeftAlone()
    {
        await using var host = new TestHost();
        await using var other = new HostNetworks(host.Options with { StateRoot = host.StateRoot + "/other", BridgeName = "hafen1", TableName = "hafen_1" });
        host.Namespace.RunAsync(() => other.OpenAsync(default));
        var networks = host.Open();
        Endpoint their = other.Reserve("a", "bridge", null, null), our = networks.Reserve("b", "bridge", null, null);
        using var theirs = await other.ConnectAsync(their);
        using var ours = await networks.ConnectAsync(our);
        using var socket = host.Namespace.Socket();
        foreach (string bridge in (string[])["hafen0", "hafen1"])
        {
            var removal = new NetlinkBatch(new byte[64]);
            removal.DeleteLink(bridge);
            socket.Execute(ref removal);
        }

        await host.Open().RestoreAsync([], default);
        string[] names = [.. host.Links().Select(link => link.Name)];
        Assert.DoesNotContain(our.HostInterface, names);
        Assert.Contains(their.HostInterface, names);
    }

    [Fact]
    public async Task ABridgeOfOursIsKnownWithoutTheStateFolder()
    {
        await using var host = new TestHost();
        host.Open(host.Options with { Mtu = 1400 });
        using var socket = host.Namespace.Socket();
        var before = socket.FindLink("hafen0")!;
        Directory.Delete(Path.Combine(host.StateRoot, "networks"), recursive: true);
        host.Open(host.Options with { Mtu = 1300 });
        var after = socket.FindLink("hafen0")!;
        Assert.Equal((1300, before.Index), (after.Mtu, after.Index));
        Assert.NotEqual(before.Address, after.Address);
    }

    [Fact]
    public async Task ABridgeOfSomebodyElseKeepsWhatItHas()
    {
        await using var host = new TestHost();
        host.AddInterface("hft-br", "10.9.0.1", 24, mtu: 1400);
        using var socket = host.Namespace.Socket();
        var before = socket.FindLink("hft-br")!;
        var addition = new NetlinkBatch(new byte[128]);
        addition.AddAddress(before.Index, System.Net.IPAddress.Parse("10.8.0.1"), 24);
        socket.Execute(ref addition);
        var options = host.Options with { BridgeName = "hft-br" };
        Assert.Equal("10.9.0.1", host.Open(options).Find("bridge")!.Gateway);
        var networks = host.Open(options);
        Assert.Equal("10.9.0.1", networks.Find("bridge")!.Gateway);
        Assert.Equal(["10.8.0.1", "10.9.0.1"], socket.Addresses().Where(address => address.Index == before.Index).Select(address => address.Address.ToString()).Order());
        var after = socket.FindLink("hft-br")!;
        Assert.Equal((before.Mtu, before.Address), (after.Mtu, after.Address));
        using var container = await networks.ConnectAsync(networks.Reserve("a", "bridge", null, null));
        Assert.Equal("hello", Talk(container, host.Namespace, "10.9.0.1"));
        host.Namespace.RunAsync(() => networks.UninstallAsync(default));
        Assert.NotNull(socket.FindLink("hft-br"));
    }

    [Fact]
    public async Task ASandboxTakesThePlaceOfAFormerOneThatWasNotGivenBack()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        using var former = await networks.ConnectAsync(networks.Reserve("a", "bridge", null, null));
        await networks.CreateSandboxAsync("a", default);
        using var next = await networks.ConnectAsync(networks.Reserve("a", "bridge", null, null));
        Shout(former, "172.17.0.1");
        Assert.Equal("hello", Talk(host.Namespace, next, "172.17.0.2"));
    }

    [Fact]
    public async Task ABridgeRemovedUnderARunningDaemonComesBack()
    {
        await using var host = new TestHost();
        var networks = host.Open(host.Options with { Mtu = 1000 });
        using var socket = host.Namespace.Socket();
        var removal = new NetlinkBatch(new byte[64]);
        removal.DeleteLink("hafen0");
        socket.Execute(ref removal);
        using var container = await networks.ConnectAsync(networks.Reserve("a", "bridge", null, null));
        Assert.Equal("hello", Talk(host.Namespace, container, "172.17.0.2"));
        Assert.Equal(1000, socket.FindLink("hafen0")!.Mtu);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task WhoRunsIsConnectedAgainWhenTheBridgeComesBack(bool daemonWasDown)
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var running = networks.Reserve("a", "bridge", null, null);
        using var a = await networks.ConnectAsync(running);
        using var socket = host.Namespace.Socket();
        var removal = new NetlinkBatch(new byte[64]);
        removal.DeleteLink("hafen0");
        socket.Execute(ref removal);
        if (daemonWasDown)
        {
            networks = host.Open();
            await networks.RestoreAsync([new RunningSandbox(running.ContainerId, 0, [running])], default);
        }
        else
        {
            using var b = await networks.ConnectAsync(networks.Reserve("b", "bridge", null, null));
            Assert.Equal("hello", Talk(b, a, "172.17.0.2"));
        }
        Assert.Equal("hello", Talk(host.Namespace, a, "172.17.0.2"));
        Assert.Equal("hello", Talk(a, host.Namespace, "172.17.0.1"));
    }

    [Fact]
    public async Task RulesFlushedUnderARunningDaemonComeBackWithTheNextContainer()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        string rules = host.Rules();
        // Who watches the rules may have put them back before the next line.
        host.Nft("flush ruleset");
        var endpoint = networks.Reserve("a", "bridge", null, null);
        // The library works in the namespace of its thread, as that of a daemon does.
        using var container = host.Connect(networks, endpoint);
        Assert.Equal(rules, host.Rules());
    }

    [Fact]
    public async Task AGivenHardwareAddressIsUsedAndTheHostForgetsTheFormer()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        using var first = await networks.ConnectAsync(networks.Reserve("a", "bridge", null, null));
        Assert.Equal("hello", Talk(host.Namespace, first, "172.17.0.2"));
        await networks.ReleaseSandboxAsync("a", default);
        var endpoint = networks.Reserve("b", "bridge", null, PhysicalAddress.Parse("02-42-99-00-00-01"));
        Assert.Equal("02:42:99:00:00:01", endpoint.MacAddress);
        using var second = await networks.ConnectAsync(endpoint);
        Assert.Equal("hello", Talk(host.Namespace, second, "172.17.0.2"));
    }

    [Fact]
    public async Task AFailedConnectionLeavesNothing()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var endpoint = networks.Reserve("a", "bridge", null, null);
        var sandbox = networks.FindSandbox("a")!;
        await sandbox.OpenAsync(default);
        using var inside = new TestNamespace(sandbox.NamespacePath!);
        // Somebody is quicker: the default route is there.
        TestHost.AddInterface(inside, "hft-first", "10.1.1.1", 24, IPAddress.Parse("10.1.1.2"));
        var exception = await Assert.ThrowsAsync<NetworkException>(() => sandbox.ConnectAsync(default));
        Assert.Contains("RTM_NEW", exception.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(host.Links(), link => link.Name == endpoint.HostInterface);
    }

    [Fact]
    public async Task ManyAtOnce()
    {
        const int Count = 40;
        await using var host = new TestHost();
        var networks = host.Open();
        var endpoints = new Endpoint[Count];
        var containers = await Task.WhenAll(Enumerable.Range(0, Count).Select(i => Task.Run(async () =>
            await networks.ConnectAsync(endpoints[i] = networks.Reserve($"c{i}", "bridge", null, null)))));
        Assert.Equal(Count, endpoints.Select(endpoint => endpoint.Address).Distinct().Count());
        for (int i = 0; i < Count; i += 13)
            Assert.Equal("hello", Talk(host.Namespace, containers[i], endpoints[i].Address!));
        await Task.WhenAll(Enumerable.Range(0, Count).Select(i => networks.ReleaseSandboxAsync($"c{i}", default)));
        foreach (var container in containers)
            container.Dispose();
        Assert.Equal("172.17.0.2", networks.Reserve("again", "bridge", null, null).Address);
    }

    [Fact]
    public async Task ForwardingIsSwitchedOnAndGivenBack()
    {
        await using var host = new TestHost();
        host.AddInterface("hft-lan", "192.168.77.2", 24, IPAddress.Parse("192.168.77.1"));
        host.Namespace.Run(() => NetworkSysctl.Write("ipv4/ip_forward", "0"u8));
        host.Open();
        Assert.Equal("1", host.Namespace.Run(() => NetworkSysctl.Read("ipv4/ip_forward")));
        var again = host.Open();
        Assert.Contains("ct status dnat accept", host.Rules(), StringComparison.Ordinal);
        host.Namespace.RunAsync(() => again.UninstallAsync(default));
        Assert.Equal("0", host.Namespace.Run(() => NetworkSysctl.Read("ipv4/ip_forward")));
        Assert.DoesNotContain("hafen", host.Rules(), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Links(), link => link.Name == "hafen0");
    }

    [Fact]
    public async Task OutsideSeesTheHostAndReachesNoContainerUnasked()
    {
        await using var host = new TestHost();
        using TestNamespace outside = new();
        host.AddInterface("hft-lan", "192.168.77.2", 24, IPAddress.Parse("192.168.77.1"));
        host.Plug("hft-lan", outside, "192.168.77.1", 24, IPAddress.Parse("192.168.77.2"));
        var networks = host.Open();
        using var container = await networks.ConnectAsync(networks.Reserve("a", "bridge", null, null));

        Assert.Equal("hello", Talk(container, outside, "192.168.77.1", out var source));
        Assert.Equal("192.168.77.2", source.ToString());
        Assert.Throws<SocketException>(() => Talk(outside, container, "172.17.0.2"));
        Assert.Equal("hello", Talk(host.Namespace, container, "172.17.0.2", out source));
        Assert.Equal("172.17.0.1", source.ToString());
    }

    [Fact]
    public async Task TheRulesOfOthersStayAndADroppingPolicyIsTold()
    {
        await using var host = new TestHost();
        host.Nft("table ip filter { chain FORWARD { type filter hook forward priority filter; policy drop; }\n}\n");
        var networks = host.Open();
        Assert.Contains(networks.Warnings, warning => warning.Contains("ip filter FORWARD", StringComparison.Ordinal) && warning.Contains("hafen0", StringComparison.Ordinal));
        Assert.Contains("policy drop", host.Rules(), StringComparison.Ordinal);
        host.Namespace.RunAsync(() => networks.UninstallAsync(default));
        Assert.Contains("policy drop", host.Rules(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ErrorsAreDockers()
    {
        await using var host = new TestHost();
        var networks = host.Open(host.Options with { Bip = "10.9.0.1/29" });
        Assert.Null(networks.ForContainer("nope"));
        Assert.Equal("requested address is out of range",
            Assert.Throws<NetworkException>(() => networks.Reserve("a", "bridge", IPAddress.Parse("10.9.1.2"), null)).Message);
        Assert.Equal("Address already in use",
            Assert.Throws<NetworkException>(() => networks.Reserve("a", "bridge", IPAddress.Parse("10.9.0.1"), null)).Message);
        Assert.Equal("10.9.0.5", networks.Reserve("x", "bridge", IPAddress.Parse("10.9.0.5"), null).Address);
        for (int i = 0; i < 4; i++)
            networks.Reserve($"c{i}", "bridge", null, null);
        var exception = Assert.Throws<NetworkException>(() => networks.Reserve("z", "bridge", null, null));
        Assert.Equal($"no available IPv4 addresses on this network's address pools: bridge ({networks.Find("bridge")!.Id})", exception.Message);
        Assert.Equal(ErrorKind.Unavailable, exception.Kind);
    }

    [Fact]
    public async Task ANetworkIsFoundByAPrefixOfItsId()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var bridge = networks.Find("bridge")!;
        Assert.Equal(bridge, networks.Find(bridge.Id[..12]));
        Assert.Null(networks.Find(""));
        Assert.Null(networks.Find("zz"));
    }

    private static void Shout(TestNamespace client, string address)
    {
        using var sending = client.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        sending.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(address), 9));
        Thread.Sleep(20);
    }

    private static string Talk(TestNamespace client, TestNamespace server, string address) => Talk(client, server, address, out _);

    /// <summary>A datagram from one namespace to another; sockets stay in the namespace they were made in.</summary>
    private static string Talk(TestNamespace client, TestNamespace server, string address, out IPAddress source)
    {
        using var listening = server.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        listening.Bind(new IPEndPoint(IPAddress.Any, 0));
        listening.ReceiveTimeout = 30_000;
        using var sending = client.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        sending.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(address), ((IPEndPoint)listening.LocalEndPoint!).Port));
        byte[] buffer = new byte[16];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        int length = listening.ReceiveFrom(buffer, ref from);
        source = ((IPEndPoint)from).Address;
        return System.Text.Encoding.ASCII.GetString(buffer, 0, length);
    }
}
