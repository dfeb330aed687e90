using Hafen.Api;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;

namespace Hafen.Engine.Tests.Networks;

public sealed class NetworkUseCaseTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Inspect_shows_who_is_in_a_network_and_lists_do_not()
    {
        string id = await _test.RunAsync(new HostConfig { NetworkMode = "bridge" }, "web");
        var networks = _test.ComposeNetworks();
        var (container, endpoint) = Assert.Single(networks.Inspect.Run("bridge").Containers!);
        Assert.Equal(id, container);
        Assert.Equal(("web", "e1", "10.1.0.2/16"), (endpoint.Name, endpoint.EndpointID, endpoint.IPv4Address));
        Assert.Equal("bridge", networks.Inspect.Run("bbb").Name);
        Assert.Empty(networks.Inspect.Run("none").Containers!);
        Assert.All(networks.List.Run(FilterSet.Empty), network => Assert.Empty(network.Containers!));
        var failure = Assert.Throws<EngineException>(() => networks.Inspect.Run("lan"));
        Assert.Equal((ErrorKind.NotFound, "network lan not found"), (failure.Kind, failure.Message));
    }

    [Theory]
    [InlineData("{}", "bridge host none")]
    [InlineData("""{"driver":["null","host"]}""", "host none")]
    [InlineData("""{"name":["^no"]}""", "none")]
    [InlineData("""{"id":["bbbb"]}""", "bridge")]
    [InlineData("""{"type":["custom"]}""", "")]
    [InlineData("""{"dangling":["true"]}""", "")]
    [InlineData("""{"label":["a"]}""", "")]
    public void Filters(string filters, string names)
        => Assert.Equal(names, string.Join(' ', _test.ComposeNetworks().List.Run(FilterSet.Parse(filters)).Select(network => network.Name)));

    [Fact]
    public void A_prune_that_removes_nothing_is_told()
    {
        using var events = _test.Events.Subscribe(null, null, FilterSet.Parse("""{"type":["network"]}"""));
        Assert.Null(_test.ComposeNetworks().Prune.Run(FilterSet.Parse("""{"until":["1h"]}""")).NetworksDeleted);
        Assert.True(events.Reader.TryRead(out var message));
        Assert.Equal(("prune", "", "0"), (message.Action, message.Actor.ID, message.Actor.Attributes["reclaimed"]));
    }
}
