using System.Net;
using System.Net.Sockets;
using Hafen.Linux.Netlink;
using Hafen.Linux.Tests.Netlink;

namespace Hafen.Networking.Tests.NetworksRoom;

/// <summary>Hafen switches forwarding on for its containers; the host becomes no router between its other networks by that.</summary>
public sealed class RouterTests
{
    [Fact]
    public async Task TheHostDoesNotForwardBetweenItsNetworksNorFromLinksThatComeLater()
    {
        await using var host = new TestHost();
        using TestNamespace left = new(), right = new(), late = new();
        Off(host);
        Network(host, "hft-left", 77, left);
        Network(host, "hft-right", 78, right);
        var networks = host.Open();
        using var container = await networks.ConnectAsync(networks.Reserve("a", "bridge", null, null));
        Network(host, "hft-late", 79, late);

        Assert.False(Reaches(left, right, "192.168.78.1"));
        Assert.False(Reaches(late, right, "192.168.78.1"));
        Assert.False(Reaches(right, late, "192.168.79.1"));
        Assert.False(Reaches(late, container, "172.17.0.2"));
        Assert.True(Reaches(container, right, "192.168.78.1", attempts: 100));
        Assert.True(Reaches(container, late, "192.168.79.1", attempts: 100));
    }

    [Fact]
    public async Task ForwardingThatWasOnBeforeGoesOn()
    {
        await using var host = new TestHost();
        using TestNamespace left = new(), right = new();
        host.Namespace.Run(() => NetworkSysctl.Write("ipv4/ip_forward", "1"u8));
        Network(host, "hft-left", 77, left);
        Network(host, "hft-right", 78, right);
        host.Open();
        Assert.True(Reaches(left, right, "192.168.78.1", attempts: 100));
        host.Open();
        Assert.True(Reaches(left, right, "192.168.78.1", attempts: 100));
    }

    [Fact]
    public async Task ALinkThatForwardedByItsOwnSettingGoesOnAndSoDoOtherEngines()
    {
        await using var host = new TestHost();
        using TestNamespace left = new(), right = new(), docker = new();
        Off(host);
        Network(host, "hft-left", 77, left);
        Network(host, "hft-right", 78, right);
        host.Namespace.Run(() => NetworkSysctl.Write("ipv4/conf/hft-left/forwarding", "1"u8));
        host.Open();
        Network(host, "docker0", 79, docker);
        Assert.True(Reaches(left, right, "192.168.78.1", attempts: 100));
        Assert.False(Reaches(right, left, "192.168.77.1"));
        Assert.True(Reaches(docker, right, "192.168.78.1", attempts: 100));
        Assert.False(Reaches(right, docker, "192.168.79.1"));

        // It is still known at the next start.
        host.Open();
        Assert.True(Reaches(left, right, "192.168.78.1", attempts: 100));
        Assert.False(Reaches(right, left, "192.168.77.1"));
    }

    [Fact]
    public async Task AnotherHafensContainersReachOut()
    {
        await using var host = new TestHost();
        using TestNamespace outside = new();
        Off(host);
        Network(host, "hft-out", 77, outside);
        var first = host.Open();
        using var own = await first.ConnectAsync(first.Reserve("a", "bridge", null, null));
        var second = host.Open(host.Options with { StateRoot = Path.Combine(host.StateRoot, "second"), BridgeName = "other0", TableName = "other", Bip = "10.99.0.1/24" });
        using var others = await second.ConnectAsync(second.Reserve("b", "bridge", null, null));
        Assert.True(Reaches(own, outside, "192.168.77.1", attempts: 100));
        Assert.True(Reaches(others, outside, "192.168.77.1", attempts: 100));
        // Nobody reaches in, and not the one the other's.
        Assert.False(Reaches(outside, others, "10.99.0.2"));
        Assert.False(Reaches(own, others, "10.99.0.2"));
    }

    [Fact]
    public async Task ForwardingThatIsOnAfterAnotherBootIsSomebodyElses()
    {
        await using var host = new TestHost();
        using TestNamespace left = new(), right = new();
        Off(host);
        Network(host, "hft-left", 77, left);
        Network(host, "hft-right", 78, right);
        host.Open();
        Assert.False(Reaches(left, right, "192.168.78.1"));
        string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
        foreach (string file in Directory.GetFiles(Path.Combine(host.StateRoot, "networks"), "*.json", SearchOption.AllDirectories))
            File.WriteAllText(file, File.ReadAllText(file).Replace(boot, "another", StringComparison.Ordinal));
        host.Open();
        Assert.True(Reaches(left, right, "192.168.78.1", attempts: 100));
    }

    [Fact]
    public async Task RulesThatAForeignFirewallFlushesComeBackByThemselves()
    {
        await using var host = new TestHost();
        using TestNamespace left = new(), right = new();
        Off(host);
        Network(host, "hft-left", 77, left);
        Network(host, "hft-right", 78, right);
        var networks = host.Open();
        string rules = host.Rules();
        for (int i = 0; i < 3; i++)
        {
            host.Nft("flush ruleset\ntable inet foreign { chain input { type filter hook input priority filter; policy accept; }\n}\n");
            Assert.True(SpinWait.SpinUntil(() => host.Rules().Contains("table ip hafen", StringComparison.Ordinal), TimeSpan.FromSeconds(60)));
        }
        Assert.False(Reaches(left, right, "192.168.78.1"));
        host.Nft("delete table inet foreign");
        Assert.Equal(rules, host.Rules());

        // Single ones as well.
        host.Nft("flush table ip hafen");
        Assert.True(SpinWait.SpinUntil(() => host.Rules() == rules, TimeSpan.FromSeconds(60)));

        // Who takes them away for good is not answered.
        host.Namespace.RunAsync(() => networks.UninstallAsync(default));
        await networks.DisposeAsync();
        Assert.DoesNotContain("hafen", host.Rules(), StringComparison.Ordinal);
    }

    private static void Off(TestHost host) => host.Namespace.Run(() => NetworkSysctl.Write("ipv4/ip_forward", "0"u8));

    private static void Network(TestHost host, string name, int number, TestNamespace machine)
    {
        host.AddInterface(name, $"192.168.{number}.2", 24);
        host.Plug(name, machine, $"192.168.{number}.1", 24, IPAddress.Parse($"192.168.{number}.2"));
    }

    private static bool Reaches(TestNamespace client, TestNamespace server, string address, int attempts = 5)
    {
        using var listening = server.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        listening.Bind(new IPEndPoint(IPAddress.Any, 0));
        using var sending = client.Run(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        // What arrives does so at the first attempt unless the machine is busy; what does not is believed after a second.
        for (int attempt = 0; attempt < attempts; attempt++)
        {
            sending.SendTo("hello"u8, new IPEndPoint(IPAddress.Parse(address), ((IPEndPoint)listening.LocalEndPoint!).Port));
            if (listening.Poll(TimeSpan.FromMilliseconds(200), SelectMode.SelectRead))
                return true;
        }
        return false;
    }
}
