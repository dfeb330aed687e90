namespace Hafen.Networking.Tests.NetworksRoom;

/// <summary>The network that a container asks for, by whatever it is called.</summary>
public sealed class ContainerNetworkTests
{
    [Fact]
    public async Task ANetworkIsTheSameByNameIdAndPrefix()
    {
        await using var host = new TestHost();
        var networks = host.Open();
        foreach (var network in networks.List())
        {
            Assert.Equal(network, networks.ForContainer(network.Name));
            Assert.Equal(network, networks.ForContainer(network.Id));
            Assert.Equal(network, networks.ForContainer(network.Id[..20]));
            Assert.True(network.Predefined);
        }
        Assert.Equal("bridge", networks.ForContainer("default")!.Name);
        Assert.True(networks.ForContainer("default")!.IsDefault);
        Assert.Equal(
            [NetworkReach.Connected, NetworkReach.Host, NetworkReach.Isolated], new[] { "bridge", "host", "none" }.Select(name => networks.ForContainer(name)!.Reach));
        Assert.Null(networks.ForContainer("nope"));
        Assert.Null(networks.ForContainer(""));
    }
}
