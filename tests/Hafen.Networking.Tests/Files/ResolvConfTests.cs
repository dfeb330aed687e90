using Hafen.Networking.Files;

namespace Hafen.Networking.Tests.Files;

public sealed class ResolvConfTests
{
    [Theory]
    // Nothing to change: the host's file as it is, comments included.
    [InlineData("# mine\nnameserver 10.0.0.53\noptions edns0\n", "# mine\nnameserver 10.0.0.53\noptions edns0\n")]
    [InlineData("nameserver 127.0.0.1\nnameserver 10.0.0.53\nsearch a.org b.org\n", "search a.org b.org\nnameserver 10.0.0.53\n")]
    [InlineData("nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch lan\n", "search lan\nnameserver 8.8.8.8\nnameserver 8.8.4.4\noptions edns0 trust-ad\n")]
    [InlineData("", "nameserver 8.8.8.8\nnameserver 8.8.4.4\n")]
    [InlineData("nameserver ::1\nnameserver fd00::53\nnameserver fe80::1%eth0\nnameserver 9.9.9.9\n", "nameserver 9.9.9.9\n")]
    [InlineData("domain a.org\nnameserver 127.1.2.3\nnameserver 9.9.9.9\nsortlist 10.0.0.0\n", "search a.org\nnameserver 9.9.9.9\nsortlist 10.0.0.0\n")]
    public void OnABridgeWhatTheContainerCannotReachIsLeftOut(string host, string expected) =>
        Assert.Equal(expected, ResolvConf.Build(new ResolvConfRequest { HostFile = host }));

    [Fact]
    public void OverridesTakeThePlaceOfTheHostsLines() =>
        Assert.Equal(
            "search x.org y.org\nnameserver 9.9.9.9\noptions ndots:2 timeout:1\n",
            ResolvConf.Build(new ResolvConfRequest
            {
                HostFile = "nameserver 127.0.0.53\nsearch lan\noptions edns0\n",
                Nameservers = ["9.9.9.9"],
                Search = ["x.org", "y.org"],
                Options = ["ndots:2", "timeout:1"],
            }));

    [Fact]
    public void AGivenLoopbackServerIsMeantThatWay() =>
        Assert.Equal("nameserver 127.0.0.1\n", ResolvConf.Build(new ResolvConfRequest { HostFile = "nameserver 9.9.9.9\n", Nameservers = ["127.0.0.1"] }));

    [Fact]
    public void ASingleDotMeansNoSearch() =>
        Assert.Equal("nameserver 9.9.9.9\n", ResolvConf.Build(new ResolvConfRequest { HostFile = "nameserver 9.9.9.9\nsearch lan\n", Search = ["."] }));

    [Fact]
    public void OnTheHostsNetworkTheFileStays()
    {
        var request = new ResolvConfRequest { HostFile = "nameserver 127.0.0.53\nsearch lan\n", HostNetwork = true };
        Assert.Equal(request.HostFile, ResolvConf.Build(request));
        Assert.Equal("search lan\nnameserver 9.9.9.9\n", ResolvConf.Build(request with { Nameservers = ["9.9.9.9"] }));
    }

    [Fact]
    public void WithIPv6ItsServersStay()
    {
        var request = new ResolvConfRequest { HostFile = "nameserver ::1\nnameserver fd00::53\n", IPv6 = true };
        Assert.Equal("nameserver fd00::53\n", ResolvConf.Build(request));
        Assert.Equal(
            "nameserver 8.8.8.8\nnameserver 8.8.4.4\nnameserver 2001:4860:4860::8888\nnameserver 2001:4860:4860::8844\n",
            ResolvConf.Build(request with { HostFile = "nameserver ::1\n" }));
    }

    [Fact]
    public void BehindTheStubOfSystemdTheRealServersAreRead()
    {
        var folder = Directory.CreateTempSubdirectory("hft-");
        try
        {
            string host = Path.Combine(folder.FullName, "resolv.conf"), real = Path.Combine(folder.FullName, "real.conf");
            Assert.Equal("", ResolvConf.ReadHostFile(host, real));
            File.WriteAllText(host, "nameserver 127.0.0.53\noptions edns0\n");
            Assert.Equal("nameserver 127.0.0.53\noptions edns0\n", ResolvConf.ReadHostFile(host, real));
            File.WriteAllText(real, "nameserver 10.0.0.1\n");
            Assert.Equal("nameserver 10.0.0.1\n", ResolvConf.ReadHostFile(host, real));
            File.WriteAllText(host, "nameserver 127.0.0.53\nnameserver 9.9.9.9\n");
            Assert.Equal("nameserver 127.0.0.53\nnameserver 9.9.9.9\n", ResolvConf.ReadHostFile(host, real));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
