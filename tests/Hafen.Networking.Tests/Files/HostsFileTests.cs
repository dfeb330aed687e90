using System.Net;
using Hafen.Networking.Files;

namespace Hafen.Networking.Tests.Files;

/// <summary>The expected texts are what containers of Docker 20.10.24 hold.</summary>
public sealed class HostsFileTests
{
    private const string Fixed =
        "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n"
        + "ff00::0\tip6-mcastprefix\nff02::1\tip6-allnodes\nff02::2\tip6-allrouters\n";

    [Fact]
    public void OnABridgeTheContainerComesLast() =>
        Assert.Equal(Fixed + "10.231.0.2\tfoo\n", HostsFile.Build(new HostsFileRequest { Hostname = "foo", Addresses = ["10.231.0.2"] }));

    [Fact]
    public void ExtraHostsComeBeforeItAndTheDomainIsSpelledOut() =>
        Assert.Equal(
            Fixed + "1.2.3.4\ta\n10.231.0.1\tb\n10.231.0.2\tfoo.ex.org foo\n",
            HostsFile.Build(new HostsFileRequest
            {
                Hostname = "foo",
                Domainname = "ex.org",
                Addresses = ["10.231.0.2"],
                ExtraHosts = ["a:1.2.3.4", "b:host-gateway"],
                HostGateway = IPAddress.Parse("10.231.0.1"),
            }));

    [Fact]
    public void AFullNameAsHostnameIsListedShortToo() =>
        Assert.Equal(Fixed + "10.0.0.2\tfoo.ex.org foo\n", HostsFile.Build(new HostsFileRequest { Hostname = "foo.ex.org", Addresses = ["10.0.0.2"] }));

    [Fact]
    public void WithoutANetworkThereIsNoAddress() =>
        Assert.Equal(Fixed, HostsFile.Build(new HostsFileRequest { Hostname = "foo" }));

    [Fact]
    public void OnTheHostsNetworkTheFileIsTheHostsUnlessThereAreExtraHosts()
    {
        var request = new HostsFileRequest { Hostname = "foo", HostFile = "127.0.0.1 localhost\n127.0.0.1 vm\n" };
        Assert.Equal(request.HostFile, HostsFile.Build(request));
        Assert.Equal(Fixed + "1.2.3.4\ta\n", HostsFile.Build(request with { ExtraHosts = ["a:1.2.3.4"] }));
    }

    [Theory]
    [InlineData("a:1.2.3.4", "a", "1.2.3.4")]
    [InlineData("a=1.2.3.4", "a", "1.2.3.4")]
    [InlineData("a:::1", "a", "::1")]
    [InlineData("a=[fd00::2]", "a", "fd00::2")]
    [InlineData("a:host-gateway", "a", "10.0.0.1")]
    public void ExtraHostsAreRead(string text, string name, string address) =>
        Assert.Equal((name, address), HostsFile.ParseExtraHost(text, IPAddress.Parse("10.0.0.1")));

    [Theory]
    [InlineData("a", "bad format for add-host: \"a\"")]
    [InlineData(":1.2.3.4", "bad format for add-host: \":1.2.3.4\"")]
    [InlineData("a:nowhere", "invalid IP address in add-host: \"nowhere\"")]
    [InlineData("a:", "invalid IP address in add-host: \"\"")]
    public void WhatIsNoneIsRefused(string text, string message) =>
        Assert.Equal(message, Assert.Throws<NetworkException>(() => HostsFile.ParseExtraHost(text, null)).Message);

    [Fact]
    public void AHostnameEndsItsLine() => Assert.Equal("foo\n", HostnameFile.Build("foo"));
}
