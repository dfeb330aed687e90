using System.Net;
using System.Net.Sockets;
using Hafen.Linux.Netlink;
using Hafen.Linux.Tests.Netlink;
using Hafen.Networking.Addresses;
using Hafen.Networking.Bridge;
using Hafen.Networking.State;

namespace Hafen.Networking.Tests.NetworksRoom;

/// <summary>Networks that people have made, beside the predefined ones.</summary>
public sealed class SeveralNetworksTests
{
    [Fact]
    public async Task ANetworkHasABridgeAndASubnetOfItsOwnAndIsThereAfterARestart()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var made = Create(host, networks, new NetworkRequest { Name = "blue" });
        Assert.Equal(("172.18.0.0/16", "172.18.0.1"), (made.Subnet, made.Gateway));
        string bridge = "br-" + made.Id[..12];
        Assert.True(Assert.Single(host.Links(), link => link.Name == bridge).Up);

        // The machine was rebooted.
        host.Namespace.RunAsync(() => networks.UninstallAsync(default));
        Assert.DoesNotContain(host.Links(), link => link.Name == bridge);
        var again = host.Open();
        Assert.Equal(made.Subnet, again.Find("blue")!.Subnet);
        Assert.Contains(host.Links(), link => link.Name == bridge);

        host.Namespace.RunAsync(() => again.RemoveAsync(made.Id, default));
        Assert.DoesNotContain(host.Links(), link => link.Name == bridge);
        Assert.DoesNotContain(bridge, host.Rules(), StringComparison.Ordinal);
        Assert.Equal(["bridge", "host", "none"], host.Open().List().Select(network => network.Name));
    }

    [Fact]
    public async Task NothingPassesFromOneNetworkToAnother()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        Create(host, networks, new NetworkRequest { Name = "blue" });
        Create(host, networks, new NetworkRequest { Name = "red" });
        Endpoint one = networks.Reserve("a", "blue", null, null), two = networks.Reserve("b", "blue", null, null), other = networks.Reserve("c", "red", null, null);
        using TestNamespace a = await networks.ConnectAsync(one), b = await networks.ConnectAsync(two), c = await networks.ConnectAsync(other);
        Assert.True(Reaches(a, b, two.Address!));
        Assert.True(Reaches(a, host.Namespace, one.Gateway!));
        Assert.False(Reaches(a, c, other.Address!));
        Assert.False(Reaches(c, a, one.Address!));
    }

    [Fact]
    public async Task ASandboxInTwoNetworksHasAnInterfaceInEachAndOneWayOut()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        Create(host, networks, new NetworkRequest { Name = "blue" });
        networks.Reserve("a", "bridge", null, null);
        var second = networks.Reserve("a", "blue", null, null);
        using var a = await networks.ConnectAsync(second);
        using var neighbour = await networks.ConnectAsync(networks.Reserve("b", "blue", null, null));
        Assert.Equal("eth1", second.ContainerInterface);
        using (var inside = a.Socket())
        {
            Assert.Equal(["eth0", "eth1", "lo"], inside.Links().Select(link => link.Name).Order());
            var route = Assert.Single(inside.Routes(), route => route.PrefixLength == 0);
            Assert.Equal(("172.17.0.1", inside.IndexOf("eth0")), (route.Gateway!.ToString(), route.Index));
        }
        Assert.True(Reaches(neighbour, a, second.Address!));

        // It leaves one of them and stays in the other.
        var sandbox = networks.FindSandbox("a")!;
        await sandbox.DisconnectAsync(second.NetworkId, default);
        Assert.False(Reaches(neighbour, a, second.Address!));
        Assert.True(Reaches(host.Namespace, a, "172.17.0.2"));
        Assert.Equal(second.Address, networks.Reserve("c", "blue", null, null).Address);
    }

    [Fact]
    public async Task ASubnetThatIsAskedForIsTakenUnlessAnotherNetworkHasIt()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        Assert.True(Subnet.TryParse("10.7.0.0/24", out _, out var subnet));
        var made = Create(host, networks, new NetworkRequest { Name = "blue", Subnet = subnet, Gateway = IPAddress.Parse("10.7.0.200") });
        Assert.Equal(("10.7.0.0/24", "10.7.0.200"), (made.Subnet, made.Gateway));
        string rules = host.Rules();
        var refused = Assert.Throws<NetworkException>(() => Create(host, networks, new NetworkRequest { Name = "red", Subnet = subnet }));
        Assert.Equal("invalid pool request: Pool overlaps with other one on this address space", refused.Message);
        Assert.Null(networks.Find("red"));
        Assert.Equal(rules, host.Rules());
    }

    [Fact]
    public async Task ANetworkThatCannotBeMadeLeavesNothing()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        string[] links = [.. host.Links().Select(link => link.Name)];
        string rules = host.Rules();
        // A file stands where its record goes.
        string aside = host.Options.StateFolder + ".aside";
        Directory.Move(host.Options.StateFolder, aside);
        await File.WriteAllTextAsync(host.Options.StateFolder, "");
        Assert.ThrowsAny<IOException>(() => Create(host, networks, new NetworkRequest { Name = "blue" }));
        File.Delete(host.Options.StateFolder);
        Directory.Move(aside, host.Options.StateFolder);
        Assert.Equal(links, host.Links().Select(link => link.Name));
        Assert.Equal(rules, host.Rules());
        Assert.Null(networks.Find("blue"));

        Assert.True(Subnet.TryParse("10.7.0.0/24", out _, out var subnet));
        var wrong = Assert.Throws<NetworkException>(() => Create(host, networks, new NetworkRequest { Name = "blue", Subnet = subnet, Gateway = IPAddress.Parse("10.8.0.1") }));
        Assert.Equal("no matching subnet for gateway 10.8.0.1", wrong.Message);
        Assert.Equal(links, host.Links().Select(link => link.Name));
        Assert.Equal(rules, host.Rules());
        Assert.Equal(["bridge", "host", "none"], host.Open().List().Select(network => network.Name));
    }

    [Fact]
    public async Task AStartRemovesLeftoversOnEachBridge()
    {
        await using var host = new TestHost();
        var before = host.Open();
        Create(host, before, new NetworkRequest { Name = "blue" });
        Endpoint running = before.Reserve("a", "blue", null, null), dead = before.Reserve("b", "blue", null, null);
        using TestNamespace a = await before.ConnectAsync(running), b = await before.ConnectAsync(dead);
        var after = host.Open();
        await after.RestoreAsync([new RunningSandbox("a", 0, [running])], default);
        Assert.Contains(host.Links(), link => link.Name == running.HostInterface);
        Assert.DoesNotContain(host.Links(), link => link.Name == dead.HostInterface);
        Assert.True(Reaches(host.Namespace, a, running.Address!));
        Assert.Equal(dead.Address, after.Reserve("c", "blue", null, null).Address);
    }

    [Fact]
    public async Task ABridgeOfAnEarlierReleaseBringsWhatItKnewOfForwarding()
    {
        await using var host = new TestHost();
        host.Namespace.Run(() => NetworkSysctl.Write("ipv4/ip_forward", "1"u8));
        var store = new NetworkStore(host.Options.StateFolder);
        store.Save(new NetworkRecord
        {
            Id = NetworkStore.NewId(),
            Name = "bridge",
            Driver = "bridge",
            Created = DateTimeOffset.UtcNow,
            Address = "172.17.0.1/16",
            MacAddress = HardwareAddress.Format(HardwareAddress.Random()),
            ForwardingSwitchedOn = true,
            ForwardingBoot = Networking.Firewall.Forwarding.Boot,
            ForwardersBefore = "eth7",
        });
        var networks = host.Open();
        Assert.Contains("iifname \"eth7\" accept", host.Rules(), StringComparison.Ordinal);
        Assert.Equal((true, "eth7"), (store.LoadForwarding()!.SwitchedOn, store.LoadForwarding()!.ForwardersBefore));
        host.Namespace.RunAsync(() => networks.UninstallAsync(default));
        Assert.Equal("0", host.Namespace.Run(() => NetworkSysctl.Read("ipv4/ip_forward")));
        Assert.False(store.LoadForwarding()!.SwitchedOn);
    }

    [Fact]
    public async Task WhatANewerReleaseKnowsIsLeftAloneAndTheNetworksWorkAllTheSame()
    {
        await using var host = new TestHost();
        string network = Path.Combine(host.Options.StateFolder, new string('b', 64) + ".json"), forwarding = Path.Combine(host.Options.StateFolder, "host", "forwarding.json");
        Directory.CreateDirectory(Path.GetDirectoryName(forwarding)!);
        foreach (string path in (string[])[network, forwarding])
            File.WriteAllText(path, "{\"version\":2,\"name\":\"blue\"}");
        host.Namespace.Run(() => NetworkSysctl.Write("ipv4/ip_forward", "0"u8));

        var networks = host.Open();
        foreach (string path in (string[])[network, forwarding])
        {
            Assert.Contains($"{path} has version 2 of its format, and this release knows none newer than 1: it is left alone", networks.Warnings);
            Assert.Equal("{\"version\":2,\"name\":\"blue\"}", File.ReadAllText(path));
        }
        Assert.Null(networks.Find("blue"));
        Assert.NotNull(networks.Find("bridge"));
        Assert.Equal("1", host.Namespace.Run(() => NetworkSysctl.Read("ipv4/ip_forward")));

        // What this release knows of it is known as long as it runs.
        host.Namespace.RunAsync(() => networks.UninstallAsync(default));
        Assert.Equal("0", host.Namespace.Run(() => NetworkSysctl.Read("ipv4/ip_forward")));
        Assert.Equal("{\"version\":2,\"name\":\"blue\"}", File.ReadAllText(forwarding));
    }

    [Fact]
    public async Task ASandboxIsFoundAgainByAProcessInIt()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var running = networks.Reserve("a", "bridge", null, null);
        using var a = await networks.ConnectAsync(running);
        using var process = a.Run(() => System.Diagnostics.Process.Start("sleep", "600"))!;
        try
        {
            var after = host.Open();
            await after.RestoreAsync([new RunningSandbox("a", process.Id, [running])], default);
            var sandbox = after.FindSandbox("a")!;
            Assert.Equal([running], sandbox.Endpoints);
            using var found = new TestNamespace(sandbox.NamespacePath!);
            Assert.Equal(File.ResolveLinkTarget($"/proc/self/fd/{a.Handle.DangerousGetHandle()}", false)!.Name, File.ResolveLinkTarget($"/proc/self/fd/{found.Handle.DangerousGetHandle()}", false)!.Name);
            await after.ReleaseSandboxAsync("a", default);
            Assert.Equal(running.Address, after.Reserve("b", "bridge", null, null).Address);
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    private static NetworkInfo Create(TestHost host, HostNetworks networks, NetworkRequest request)
    {
        NetworkInfo? made = null;
        host.Namespace.RunAsync(async () => made = await networks.CreateAsync(request, default));
        return made!;
    }

    private static bool Reaches(TestNamespace client, TestNamespace server, string address)
    {
        using var listening = server.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        listening.Bind(new IPEndPoint(IPAddress.Any, 0));
        using var sending = client.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        try
        {
            sending.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(address), ((IPEndPoint)listening.LocalEndPoint!).Port));
        }
        catch (SocketException)
        {
            return false;
        }
        // What does not come in this time does not come: there is no second try.
        return listening.Poll(TimeSpan.FromMilliseconds(700), SelectMode.SelectRead);
    }
}
