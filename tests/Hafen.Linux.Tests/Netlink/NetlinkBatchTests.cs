using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using Hafen.Linux.Netlink;

namespace Hafen.Linux.Tests.Netlink;

public sealed class NetlinkBatchTests
{
    [Fact]
    public void HeadersHaveTheKernelsSizes()
    {
        Assert.Equal(16, Unsafe.SizeOf<nlmsghdr>());
        Assert.Equal(4, Unsafe.SizeOf<nlattr>());
        Assert.Equal(16, Unsafe.SizeOf<ifinfomsg>());
        Assert.Equal(8, Unsafe.SizeOf<ifaddrmsg>());
        Assert.Equal(12, Unsafe.SizeOf<rtmsg>());
        Assert.Equal(12, Unsafe.SizeOf<ndmsg>());
    }

    // Compared with what "ip route add default via 10.77.0.1 dev lo" sends (strace), but for the number and the order of attributes.
    [Fact]
    public void ADefaultRouteLooksAsTheKernelExpectsIt()
    {
        var batch = new NetlinkBatch(new byte[256]);
        batch.AddDefaultRoute(7, IPAddress.Parse("10.77.0.1"));
        batch.Number(0x01020304);
        Assert.Equal(
            "2C000000" + "1800" + "0506" + "04030201" + "00000000" // nlmsghdr: 44 bytes, RTM_NEWROUTE, REQUEST|ACK|EXCL|CREATE
            + "02000000" + "FE" + "03" + "00" + "01" + "00000000" // rtmsg: AF_INET, main, boot, universe, unicast
            + "0800" + "0500" + "0A4D0001" // RTA_GATEWAY
            + "0800" + "0400" + "07000000", // RTA_OIF
            Convert.ToHexString(batch.Bytes));
    }

    [Fact]
    public void TextIsPaddedAndNestedLengthsCoverTheirContent()
    {
        var batch = new NetlinkBatch(new byte[256]);
        batch.Begin(Rtm.RTM_NEWLINK, 0, new ifinfomsg());
        int info = batch.BeginNested(Ifla.IFLA_LINKINFO);
        batch.Attribute(Ifla.IFLA_INFO_KIND, "veth");
        batch.EndNested(info);
        Assert.Equal(
            "30000000" + "1000" + "0500" + "0000000000000000" + new string('0', 32)
            + "1000" + "1280" // 16 bytes: IFLA_LINKINFO, nested
            + "0900" + "0100" + "7665746800" + "000000",
            Convert.ToHexString(batch.Bytes));
    }

    [Fact]
    public void DumpsAreNotAcknowledgedOtherwiseEverythingIs()
    {
        var batch = new NetlinkBatch(new byte[256]);
        batch.Begin(Rtm.RTM_GETLINK, Nlm.NLM_F_DUMP, new ifinfomsg());
        batch.SetLink(1, up: true);
        Assert.Equal(2, batch.Count);
        Assert.Equal("0103", Convert.ToHexString(batch.Bytes.Slice(6, 2)));
        Assert.Equal("0500", Convert.ToHexString(batch.Bytes.Slice(32 + 6, 2)));
        Assert.Equal(Rtm.RTM_SETLINK, batch.TypeAt(1));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        byte[] buffer = new byte[64];
        Assert.Throws<InvalidOperationException>(() =>
        {
            var batch = new NetlinkBatch(buffer);
            batch.ChangeLink(1, name: "a-rather-long-interface-name-to-have", mtu: 1);
        });
    }

    [Fact]
    public void WhatWasWrittenIsReadBack()
    {
        var batch = new NetlinkBatch(new byte[512]);
        batch.AddBridge("hft-x", PhysicalAddress.Parse("02-42-01-02-03-04"), 1400);
        var link = NetlinkTables.ParseLink(batch.Bytes[16..])!;
        Assert.Equal(("hft-x", 1400, "bridge"), (link.Name, link.Mtu, link.Kind));
        Assert.Equal(PhysicalAddress.Parse("02-42-01-02-03-04"), link.Address);

        var address = new NetlinkBatch(new byte[512]);
        address.AddAddress(5, IPAddress.Parse("10.1.2.3"), 20);
        Assert.Equal(new AddressInfo(5, IPAddress.Parse("10.1.2.3"), 20), NetlinkTables.ParseAddress(address.Bytes[16..]));
        Assert.Contains("0800" + "0400" + "0A010FFF", Convert.ToHexString(address.Bytes), StringComparison.Ordinal);
    }
}
