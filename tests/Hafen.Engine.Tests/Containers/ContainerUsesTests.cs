using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Tests.Fakes;

namespace Hafen.Engine.Tests.Containers;

/// <summary>What the rooms beside the containers are told of them.</summary>
public sealed class ContainerUsesTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Images_volumes_and_networks_know_their_containers()
    {
        string running = await _test.RunAsync(new HostConfig { NetworkMode = "bridge", Binds = ["data:/data", "/tmp:/data2"] }, "web");
        string created = await _test.CreateAsync(new HostConfig { Binds = ["data:/data", "more:/more"] }, "db");
        var uses = _test.Engine.Uses;

        Assert.Equal([(created, false), (running, true)], uses.OfImages().Select(use => (use.ContainerId, use.Running)).OrderBy(use => use.Running));
        Assert.All(uses.OfImages(), use => Assert.Equal(FakeImages.BusyboxId, use.Image));

        Assert.Equal(["db", "web"], uses.OfVolume("data").Select(use => use.Name).Order());
        Assert.Equal(new ContainerUse(created, "db", Running: false), Assert.Single(uses.OfVolume("more")));
        Assert.Empty(uses.OfVolume("/tmp"));

        var (container, endpoint) = Assert.Single(uses.OfNetwork(FakeNetworks.Bridge.Id));
        Assert.Equal(new ContainerUse(running, "web", Running: true), container);
        Assert.Equal("10.1.0.2", endpoint.Address);
    }
}
