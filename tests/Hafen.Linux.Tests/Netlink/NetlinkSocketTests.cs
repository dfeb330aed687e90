using System.Net;
using System.Net.NetworkInformation;
using Hafen.Linux.Netlink;

namespace Hafen.Linux.Tests.Netlink;

public sealed class NetlinkSocketTests
{
    [Fact]
    public void AFreshNamespaceHasALoopbackOnly()
    {
        using var space = new TestNamespace();
        using var socket = space.Socket();
        var loopback = Assert.Single(socket.Links());
        Assert.Equal((1, "lo", false), (loopback.Index, loopback.Name, loopback.Up));
        Assert.Equal(1, socket.IndexOf("lo"));
        Assert.Equal(0, socket.IndexOf("nothing"));
        Assert.Null(socket.FindLink("nothing"));
        Assert.Equal(loopback, socket.FindLink("lo"));
        Assert.Empty(socket.Addresses());
    }

    [Fact]
    public void RequestsInOneBatchWorkInOrder()
    {
        using var space = new TestNamespace();
        using var socket = space.Socket();
        var creation = new NetlinkBatch(new byte[1024]);
        creation.AddBridge("hft-a", PhysicalAddress.Parse("02-42-01-02-03-04"), 1400);
        creation.SetLink(1, up: true);
        socket.Execute(ref creation);
        int index = socket.IndexOf("hft-a");
        var batch = new NetlinkBatch(new byte[1024]);
        batch.SetLink(index, up: true);
        batch.DisableLinkLocal(index);
        batch.AddAddress(index, IPAddress.Parse("10.3.0.1"), 24);
        batch.AddDefaultRoute(index, IPAddress.Parse("10.3.0.9"));
        socket.Execute(ref batch);
        Assert.Contains(socket.Addresses(), address => address.Index == index && address.Address.ToString() == "10.3.0.1" && address.PrefixLength == 24);
        Assert.Contains(socket.Routes(), route => route.PrefixLength == 0 && route.Gateway?.ToString() == "10.3.0.9" && route.Index == index && route.Table == Rta.RT_TABLE_MAIN);
        Assert.Contains(socket.Routes(), route => route.Destination.ToString() == "10.3.0.0" && route.PrefixLength == 24);
        Assert.True(socket.FindLink("hft-a")!.Up);
    }

    [Fact]
    public void ARefusalNamesTheRequestAndItsPlaceAndTheRestIsTried()
    {
        using var space = new TestNamespace();
        using var socket = space.Socket();
        var exception = Assert.Throws<NetlinkException>(() =>
        {
            var batch = new NetlinkBatch(new byte[1024]);
            batch.AddAddress(99, IPAddress.Parse("10.3.0.1"), 24);
            batch.SetLink(1, up: true);
            socket.Execute(ref batch);
        });
        Assert.Equal(("RTM_NEWADDR", Errno.ENODEV, 0), (exception.Request, exception.Number, exception.Index));
        Assert.True(socket.FindLink("lo")!.Up);
    }

    [Fact]
    public void TheKernelsOwnExplanationIsPassedOn()
    {
        using var space = new TestNamespace();
        using var socket = space.Socket();
        var exception = Assert.Throws<NetlinkException>(() =>
        {
            var batch = new NetlinkBatch(new byte[1024]);
            batch.AddDefaultRoute(1, IPAddress.Parse("10.3.0.1"));
            socket.Execute(ref batch);
        });
        Assert.False(string.IsNullOrEmpty(exception.Explanation));
        Assert.Contains(exception.Explanation!, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AListLongerThanOneDatagramIsComplete()
    {
        const int Count = 300;
        using var space = new TestNamespace();
        using var socket = space.Socket();
        byte[] buffer = new byte[256];
        for (int i = 0; i < Count; i++)
        {
            var batch = new NetlinkBatch(buffer);
            batch.AddAddress(1, IPAddress.Parse($"10.{i / 200}.{i % 200}.1"), 24);
            socket.Execute(ref batch);
        }
        Assert.Equal(Count, socket.Addresses().Count);
        Assert.True(socket.Routes().Count >= Count);
    }

    [Fact]
    public void AVethPairStandsInBothNamespacesAndGoesAtOnce()
    {
        using TestNamespace here = new(), there = new();
        using NetlinkSocket near = here.Socket(), far = there.Socket();
        var creation = new NetlinkBatch(new byte[1024]);
        creation.AddBridge("hft-a", PhysicalAddress.Parse("02-42-01-02-03-04"), 1300);
        near.Execute(ref creation);
        int bridge = near.IndexOf("hft-a");
        var pair = new NetlinkBatch(new byte[1024]);
        pair.AddVeth(new VethPair
        {
            Name = "hft-v",
            Master = bridge,
            Mtu = 1300,
            PeerName = "eth0",
            PeerAddress = PhysicalAddress.Parse("02-42-0A-00-00-02"),
            PeerNamespace = (int)there.Handle.DangerousGetHandle(),
        });
        near.Execute(ref pair);
        var port = Assert.Single(near.Links(bridge));
        var end = far.FindLink("eth0")!;
        Assert.Equal(("hft-v", true, 1300, "veth", end.Index), (port.Name, port.Up, port.Mtu, port.Kind, port.Peer));
        Assert.Equal((1300, PhysicalAddress.Parse("02-42-0A-00-00-02")), (end.Mtu, end.Address));

        var removal = new NetlinkBatch(new byte[64]);
        removal.DeleteLink("hft-v");
        near.Execute(ref removal);
        Assert.Null(far.FindLink("eth0"));
    }
}
