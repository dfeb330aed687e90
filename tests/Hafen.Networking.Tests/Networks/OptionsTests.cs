namespace Hafen.Networking.Tests.NetworksRoom;

public sealed class OptionsTests
{
    private static readonly NetworkOptions s_options = new() { StateRoot = "/nowhere" };

    [Fact]
    public void TheDefaultsAreFine() => OptionsCheck.Verify(s_options);

    public static TheoryData<NetworkOptions, string> Wrong => new()
    {
        { s_options with { BridgeName = "" }, "no name for an interface" },
        { s_options with { BridgeName = "sixteen-letters-" }, "no name for an interface" },
        { s_options with { BridgeName = "a\" accept" }, "no name for an interface" },
        { s_options with { BridgeName = ".." }, "no name for an interface" },
        { s_options with { WithoutBridge = true, Bip = "10.0.0.1/24" }, "mean nothing without a bridge" },
        { s_options with { TableName = "a b" }, "no name for a firewall table" },
        { s_options with { TableName = "1a" }, "no name for a firewall table" },
        { s_options with { Mtu = 10 }, "MTU" },
        { s_options with { FixedCidr = "10.0.0.0" }, "fixed-cidr" },
        { s_options with { Bip = "10.0.0.1/24", FixedCidr = "10.0.1.0/25" }, "no part of" },
        { s_options with { Bip = "10.0.0.1/24", FixedCidr = "10.0.0.0/16" }, "no part of" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void WhatCannotBeIsRefused(NetworkOptions options, string message)
    {
        var exception = Assert.Throws<NetworkException>(() => new HostNetworks(options));
        Assert.Contains(message, exception.Message, StringComparison.Ordinal);
    }
}
