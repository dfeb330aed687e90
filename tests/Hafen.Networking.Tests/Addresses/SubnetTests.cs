using System.Net;
using Hafen.Networking.Addresses;

namespace Hafen.Networking.Tests.Addresses;

public sealed class SubnetTests
{
    [Theory]
    [InlineData("10.1.2.3/16", "10.1.2.3", "10.1.0.0/16")]
    [InlineData("192.168.16.1/20", "192.168.16.1", "192.168.16.0/20")]
    [InlineData("1.2.3.4/32", "1.2.3.4", "1.2.3.4/32")]
    [InlineData("1.2.3.4/0", "1.2.3.4", "0.0.0.0/0")]
    public void AnAddressWithItsPrefixIsRead(string text, string address, string subnet)
    {
        Assert.True(Subnet.TryParse(text, out var parsed, out var network));
        Assert.Equal((address, subnet), (parsed.ToString(), network.ToString()));
    }

    [Theory]
    [InlineData("10.1.2.3")]
    [InlineData("10.1.2.3/33")]
    [InlineData("10.1.2.3/-1")]
    [InlineData("10.1/16")]
    [InlineData("fd00::1/64")]
    [InlineData("/16")]
    [InlineData("")]
    public void WhatIsNoneIsRefused(string text) => Assert.False(Subnet.TryParse(text, out _, out _));

    [Theory]
    [InlineData("172.17.0.0/16", "172.17.9.0/24", true)]
    [InlineData("172.17.9.0/24", "172.17.0.0/16", true)]
    [InlineData("172.17.0.0/16", "172.18.0.0/16", false)]
    [InlineData("172.16.0.0/12", "172.31.0.0/16", true)]
    [InlineData("0.0.0.0/0", "10.0.0.0/8", true)]
    public void OverlapsAreSeenFromBothSides(string one, string other, bool overlaps)
    {
        Assert.True(Subnet.TryParse(one, out _, out var first));
        Assert.True(Subnet.TryParse(other, out _, out var second));
        Assert.Equal(overlaps, first.Overlaps(second));
    }

    [Theory]
    [InlineData("", "", "172.17.0.0/16")]
    [InlineData("172.17.0.0/16", "", "172.18.0.0/16")]
    [InlineData("172.17.5.1/32 172.18.0.0/15", "", "172.20.0.0/16")]
    [InlineData("", "172.17.0.53 fd00::1 nonsense", "172.18.0.0/16")]
    [InlineData("172.16.0.0/12", "", "192.168.0.0/20")]
    [InlineData("172.16.0.0/12 192.168.1.0/24", "192.168.16.1", "192.168.32.0/20")]
    [InlineData("172.16.0.0/12 192.168.0.0/16", "", null)]
    public void TheFirstPoolThatTakesNothingAwayIsChosen(string occupied, string nameservers, string? expected)
    {
        Subnet[] taken = [.. occupied.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(text =>
        {
            Assert.True(Subnet.TryParse(text, out _, out var subnet));
            return subnet;
        })];
        Assert.Equal(expected, SubnetChoice.Choose(taken, nameservers.Split(' '))?.ToString());
    }

    [Fact]
    public void HardwareAddressesAreSpelledAsDockerDoes()
    {
        Assert.Equal("02:42:ac:11:00:02", HardwareAddress.Format(HardwareAddress.For(IPAddress.Parse("172.17.0.2"))));
        Assert.StartsWith("02:42:", HardwareAddress.Format(HardwareAddress.Random()), StringComparison.Ordinal);
    }
}
