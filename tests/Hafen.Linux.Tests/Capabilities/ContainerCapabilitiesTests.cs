using Hafen.Linux.Capabilities;

namespace Hafen.Linux.Tests.Capabilities;

public sealed class ContainerCapabilitiesTests
{
    private static readonly string[] s_everything = [.. CapabilityNames.All];

    [Fact]
    public void Nothing_asked_gives_the_fourteen()
    {
        string[] result = ContainerCapabilities.Tweak(null, [], privileged: false, s_everything);
        Assert.Equal(14, result.Length);
        Assert.Contains("CAP_NET_RAW", result);
        Assert.DoesNotContain("CAP_SYS_ADMIN", result);
    }

    [Theory]
    [InlineData("NET_ADMIN")]
    [InlineData("cap_net_admin")]
    [InlineData("CAP_NET_ADMIN")]
    public void Every_spelling_is_understood(string spelling) =>
        Assert.Equal("CAP_NET_ADMIN", ContainerCapabilities.Tweak([spelling], null, privileged: false, s_everything)[^1]);

    [Fact]
    public void All_added_means_all_available_but_the_drops()
    {
        string[] available = ["CAP_CHOWN", "CAP_KILL", "CAP_SYSLOG"];
        Assert.Equal(["CAP_CHOWN", "CAP_SYSLOG"], ContainerCapabilities.Tweak(["all"], ["kill"], privileged: false, available));
    }

    [Fact]
    public void All_dropped_leaves_the_adds() =>
        Assert.Equal(["CAP_CHOWN"], ContainerCapabilities.Tweak(["chown", "CHOWN"], ["ALL"], privileged: false, s_everything));

    [Fact]
    public void Drops_come_before_adds() =>
        Assert.Contains("CAP_CHOWN", ContainerCapabilities.Tweak(["chown"], ["chown"], privileged: false, s_everything));

    [Fact]
    public void Privileged_is_everything_whatever_else_is_asked() =>
        Assert.Equal(s_everything, ContainerCapabilities.Tweak(null, ["ALL", "nonsense"], privileged: true, s_everything));

    [Theory]
    [InlineData("foo", null, "invalid CapAdd: unknown capability: \"CAP_FOO\"")]
    [InlineData(null, "CAP_bar", "invalid CapDrop: unknown capability: \"CAP_BAR\"")]
    [InlineData("SYS_TIME", null, "invalid CapAdd: capability not supported by your kernel or not available in the current environment: \"CAP_SYS_TIME\"")]
    public void Errors_are_Dockers(string? add, string? drop, string message)
    {
        var error = Assert.Throws<CapabilityException>(
            () => ContainerCapabilities.Validate(add is null ? null : [add], drop is null ? null : [drop], ["CAP_CHOWN"]));
        Assert.Equal(message, error.Message);
    }
}
