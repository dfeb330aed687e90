using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Hafen.Linux.Netlink;
using Hafen.Linux.Tests.Netlink;
using Hafen.Networking.Bridge;

namespace Hafen.Networking.Tests.NetworksRoom;

/// <summary>The host takes nothing from links that containers are on.</summary>
public sealed class LinkSysctlTests
{
    [Fact]
    public async Task LinksOfOursHaveTheirSettingsWhateverTheHostsDefaultsAre()
    {
        await using var host = new TestHost();
        host.Namespace.Run(() =>
        {
            foreach ((string setting, string value) in ((string, string)[])
            [
                ("ipv6/conf/default/accept_ra", "2"), ("ipv6/conf/default/accept_redirects", "1"), ("ipv6/conf/default/autoconf", "1"),
                ("ipv4/conf/default/accept_redirects", "1"), ("ipv4/conf/default/accept_source_route", "1"), ("ipv4/conf/default/route_localnet", "1"),
            ])
            {
                NetworkSysctl.Write(setting, System.Text.Encoding.ASCII.GetBytes(value));
            }
        });
        var networks = host.Open();
        var endpoint = networks.Reserve("a", "bridge", null, null);
        using var container = host.Connect(networks, endpoint);
        Check(LinkSysctls.OfBridge, "hafen0");
        Check(LinkSysctls.OfPort, endpoint.HostInterface!);
        Assert.Equal("1", container.Run(() => NetworkSysctl.Read("ipv6/conf/eth0/disable_ipv6")));

        // One that was made by an earlier release gets them at the next start.
        host.Namespace.Run(() => NetworkSysctl.Write("ipv6/conf/hafen0/disable_ipv6", "0"u8));
        host.Namespace.Run(() => NetworkSysctl.Write("ipv6/conf/hafen0/accept_ra", "1"u8));
        host.Open();
        Check(LinkSysctls.OfBridge, "hafen0");

        void Check(IReadOnlyList<(string Setting, string Value)> settings, string link) =>
            Assert.All(settings, setting => Assert.Equal(setting.Value, host.Namespace.Run(() => NetworkSysctl.Read(setting.Setting.Replace("{0}", link, StringComparison.Ordinal)))));
    }

    /// <summary>CVE-2020-13401. What a default container may do is enough: a raw packet socket.</summary>
    [Fact]
    public async Task ARouterAdvertisementOfAContainerGivesTheHostNoRoute()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        var endpoint = networks.Reserve("a", "bridge", null, null);
        using var container = host.Connect(networks, endpoint);
        Advertise(container);
        Assert.DoesNotContain(Routes(host), line => line.StartsWith(new string('0', 32) + " 00 ", StringComparison.Ordinal) && line.EndsWith("hafen0", StringComparison.Ordinal));

        // Nor does a port whose bridge has been taken away under it.
        host.Namespace.Run(() =>
        {
            using var socket = NetlinkSocket.Open();
            BridgeDevice.Remove(socket, "hafen0");
        });
        Advertise(container);
        Assert.DoesNotContain(Routes(host), line => line.StartsWith(new string('0', 32) + " 00 ", StringComparison.Ordinal) && line.EndsWith(endpoint.HostInterface!, StringComparison.Ordinal));
    }

    private static string[] Routes(TestHost host) =>
        host.Namespace.Run(() => File.ReadAllLines("/proc/thread-self/net/ipv6_route").Select(line => line.TrimEnd()).ToArray());

    private static void Advertise(TestNamespace container)
    {
        byte[] frame = RouterAdvertisement();
        using var socket = container.Run(() => new Socket(AddressFamily.Packet, SocketType.Raw, (ProtocolType)0));
        int index = container.Run(() =>
        {
            using var inside = NetlinkSocket.Open();
            return inside.IndexOf("eth0");
        });
        for (int i = 0; i < 5; i++)
        {
            socket.SendTo(frame, new LinkEndPoint(index));
            Thread.Sleep(20);
        }
    }

    /// <summary>An Ethernet frame from fe80::1 to all nodes: default router for half an hour.</summary>
    private static byte[] RouterAdvertisement()
    {
        byte[] frame = new byte[14 + 40 + 16];
        ((byte[])[0x33, 0x33, 0, 0, 0, 1, 2, 0x42, 0xac, 0x11, 0, 2, 0x86, 0xdd]).CopyTo(frame, 0);
        Span<byte> ip = frame.AsSpan(14, 40), icmp = frame.AsSpan(54);
        ip[0] = 0x60;
        ip[5] = 16;
        ip[6] = 58;
        ip[7] = 255;
        IPAddress.Parse("fe80::1").GetAddressBytes().CopyTo(ip[8..]);
        IPAddress.Parse("ff02::1").GetAddressBytes().CopyTo(ip[24..]);
        icmp[0] = 134;
        icmp[4] = 64;
        BinaryPrimitives.WriteUInt16BigEndian(icmp[6..], 1800);
        uint sum = 16 + 58;
        foreach (int at in Enumerable.Range(0, 16))
            sum += BinaryPrimitives.ReadUInt16BigEndian(ip[(8 + at * 2)..]);
        foreach (int at in Enumerable.Range(0, 8))
            sum += BinaryPrimitives.ReadUInt16BigEndian(icmp[(at * 2)..]);
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(icmp[2..], (ushort)~sum);
        return frame;
    }

    /// <summary>struct sockaddr_ll with nothing but the interface.</summary>
    private sealed class LinkEndPoint(int index) : EndPoint
    {
        public override AddressFamily AddressFamily => AddressFamily.Packet;

        public override SocketAddress Serialize()
        {
            var address = new SocketAddress(AddressFamily.Packet, 20);
            var bytes = address.Buffer.Span;
            BinaryPrimitives.WriteUInt16BigEndian(bytes[2..], 0x86dd);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], index);
            bytes[11] = 6;
            return address;
        }
    }
}
