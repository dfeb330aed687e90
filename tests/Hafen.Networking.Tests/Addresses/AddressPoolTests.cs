using System.Net;
using Hafen.Errors;
using Hafen.Networking.Addresses;

namespace Hafen.Networking.Tests.Addresses;

public sealed class AddressPoolTests
{
    [Fact]
    public void TheLowestFreeAddressIsGivenOut()
    {
        var pool = Pool("172.17.0.1/16");
        Assert.True(pool.Take(IPAddress.Parse("172.17.0.1")));
        Assert.Equal("172.17.0.2", pool.Take()!.ToString());
        Assert.Equal("172.17.0.3", pool.Take()!.ToString());
        pool.Return(IPAddress.Parse("172.17.0.2"));
        Assert.Equal("172.17.0.2", pool.Take()!.ToString());
        Assert.Equal("172.17.0.4", pool.Take()!.ToString());
    }

    [Theory]
    [InlineData("10.0.0.0/29", 6)]
    [InlineData("10.0.0.0/30", 2)]
    [InlineData("10.0.0.0/31", 2)]
    [InlineData("10.0.0.0/32", 1)]
    [InlineData("10.0.0.0/24", 254)]
    [InlineData("10.0.0.0/22", 1022)]
    public void EveryAddressButTheEdgesIsGivenOutOnce(string subnet, int count)
    {
        var pool = Pool(subnet);
        var given = new HashSet<string>();
        while (pool.Take() is { } address)
            Assert.True(given.Add(address.ToString()));
        Assert.Equal(count, given.Count);
    }

    [Fact]
    public void ARangeLimitsWhatIsChosenNotWhatIsRequested()
    {
        Assert.True(Subnet.TryParse("10.0.0.128/30", out _, out var range));
        Assert.True(Subnet.TryParse("10.0.0.0/24", out _, out var subnet));
        var pool = new AddressPool(subnet, range);
        Assert.Equal(["10.0.0.128", "10.0.0.129", "10.0.0.130", "10.0.0.131"], Enumerable.Range(0, 4).Select(_ => pool.Take()!.ToString()));
        Assert.Null(pool.Take());
        Assert.True(pool.Take(IPAddress.Parse("10.0.0.5")));
    }

    [Fact]
    public void ARequestedAddressIsJudged()
    {
        var pool = Pool("10.0.0.0/24");
        Assert.True(pool.Take(IPAddress.Parse("10.0.0.200")));
        Assert.False(pool.Take(IPAddress.Parse("10.0.0.200")));
        Assert.False(pool.Take(IPAddress.Parse("10.0.0.0")));
        Assert.False(pool.Take(IPAddress.Parse("10.0.0.255")));
        var exception = Assert.Throws<NetworkException>(() => pool.Take(IPAddress.Parse("10.0.1.1")));
        Assert.Equal(ErrorKind.InvalidParameter, exception.Kind);
        Assert.Throws<NetworkException>(() => pool.Take(IPAddress.IPv6Loopback));
    }

    [Fact]
    public void AForeignAddressGivenBackDoesNothing()
    {
        var pool = Pool("10.0.0.0/8");
        pool.Return(IPAddress.Parse("10.255.0.1"));
        pool.Return(IPAddress.Parse("11.0.0.1"));
        Assert.Equal("10.0.0.1", pool.Take()!.ToString());
        Assert.True(pool.Take(IPAddress.Parse("10.255.255.254")));
        Assert.False(pool.Take(IPAddress.Parse("10.255.255.254")));
    }

    private static AddressPool Pool(string subnet)
    {
        Assert.True(Subnet.TryParse(subnet, out _, out var parsed));
        return new AddressPool(parsed);
    }
}
