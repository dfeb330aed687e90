using Hafen.Linux.Netlink;

namespace Hafen.Linux.Tests.Netlink;

public sealed class NetworkNamespaceTests
{
    [Fact]
    public void TheThreadComesBackAlsoAfterAFailure()
    {
        using var space = new TestNamespace();
        string? home = Current();
        string? inside = space.Run(Current);
        Assert.NotEqual(home, inside);
        Assert.Equal(home, Current());
        Assert.Throws<FormatException>(() => space.Run<int>(() => throw new FormatException()));
        Assert.Equal(home, Current());
    }

    [Fact]
    public void SettingsAreThoseOfTheNamespace()
    {
        using var space = new TestNamespace();
        string? before = NetworkSysctl.Read("ipv4/conf/lo/arp_notify");
        space.Run(() => NetworkSysctl.Write("ipv4/conf/lo/arp_notify", "1"u8));
        Assert.Equal("1", space.Run(() => NetworkSysctl.Read("ipv4/conf/lo/arp_notify")));
        Assert.Equal(before, NetworkSysctl.Read("ipv4/conf/lo/arp_notify"));
        Assert.Null(NetworkSysctl.Read("ipv4/conf/nothing/arp_notify"));
        Assert.False(NetworkSysctl.Write("ipv4/conf/nothing/arp_notify", "1"u8));
    }

    [Fact]
    public void WhatIsNoNamespaceIsRefused()
    {
        using var file = File.OpenHandle("/dev/null");
        var exception = Assert.Throws<LinuxException>(() => NetworkNamespace.Run(file, () => 0));
        Assert.Equal(Errno.EINVAL, exception.Number);
    }

    private static string? Current() => new FileInfo("/proc/thread-self/ns/net").LinkTarget;
}
