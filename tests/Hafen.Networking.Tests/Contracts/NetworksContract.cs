using Hafen.Errors;

namespace Hafen.Networking.Tests.Contracts;

/// <summary>What the networks of a host do for the engine, and whatever stands for them in tests.</summary>
public abstract class NetworksContract : IAsyncLifetime
{
    protected abstract INetworks Networks { get; }

    public abstract ValueTask InitializeAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void The_predefined_networks_are_there_and_one_of_them_is_taken_when_nothing_is_said()
    {
        Assert.Equal(["bridge", "host", "none"], Networks.List().Select(network => network.Name));
        Assert.Equal([NetworkReach.Connected, NetworkReach.Host, NetworkReach.Isolated], Networks.List().Select(network => network.Reach));
        Assert.All(Networks.List(), network => Assert.True(network.Predefined));
        Assert.Equal("bridge", Assert.Single(Networks.List(), network => network.IsDefault).Name);
        Assert.Equal("bridge", Networks.ForContainer(NetworkInfo.DefaultName)!.Name);
    }

    [Fact]
    public void A_network_is_found_by_its_name_and_its_id()
    {
        foreach (var network in Networks.List())
        {
            Assert.Equal(network, Networks.Find(network.Name));
            Assert.Equal(network, Networks.Find(network.Id));
            Assert.Equal(network, Networks.ForContainer(network.Id[..12]));
        }
        Assert.Null(Networks.Find("nope"));
        Assert.Null(Networks.Find(""));
        Assert.Null(Networks.ForContainer("nope"));
    }

    [Fact]
    public async Task A_sandbox_has_its_addresses_before_its_namespace_and_that_before_its_interfaces()
    {
        var sandbox = await Networks.CreateSandboxAsync("a", default);
        var endpoint = sandbox.Reserve(Networks.Find("bridge")!, EndpointRequest.Any);
        Assert.NotNull(endpoint.Address);
        Assert.Equal(("a", Networks.Find("bridge")!.Id, "bridge"), (endpoint.ContainerId, endpoint.NetworkId, endpoint.NetworkName));
        Assert.Equal(endpoint, sandbox.Reserve(Networks.Find("bridge")!, EndpointRequest.Any));
        Assert.Equal([endpoint], sandbox.Endpoints);
        Assert.Null(sandbox.NamespacePath);
        await sandbox.OpenAsync(default);
        Assert.StartsWith("/proc/", sandbox.NamespacePath, StringComparison.Ordinal);
        await sandbox.ConnectAsync(default);
        await sandbox.ConnectAsync(default);
        Assert.Same(sandbox, Networks.FindSandbox("a"));
        await Networks.ReleaseSandboxAsync("a", default);
        await Networks.ReleaseSandboxAsync("a", default);
        Assert.Null(Networks.FindSandbox("a"));
    }

    [Theory]
    [InlineData("host", false)]
    [InlineData("none", true)]
    public async Task Where_there_is_no_interface_there_is_no_address(string network, bool hasNamespace)
    {
        var sandbox = await Networks.CreateSandboxAsync("a", default);
        var endpoint = sandbox.Reserve(Networks.Find(network)!, EndpointRequest.Any);
        await sandbox.OpenAsync(default);
        await sandbox.ConnectAsync(default);
        Assert.Null(endpoint.Address);
        Assert.Equal(hasNamespace, sandbox.NamespacePath is not null);
        await Networks.ReleaseSandboxAsync("a", default);
    }

    [Fact]
    public async Task A_place_is_given_up_by_itself()
    {
        var sandbox = await Networks.CreateSandboxAsync("a", default);
        var endpoint = sandbox.Reserve(Networks.Find("bridge")!, EndpointRequest.Any);
        await sandbox.OpenAsync(default);
        await sandbox.ConnectAsync(default);
        await sandbox.DisconnectAsync(endpoint.NetworkId, default);
        Assert.Empty(sandbox.Endpoints);
        var error = await Assert.ThrowsAsync<NetworkException>(() => sandbox.DisconnectAsync(endpoint.NetworkId, default));
        Assert.Equal(ErrorKind.NotFound, error.Kind);
        await Networks.ReleaseSandboxAsync("a", default);
    }

    [Fact]
    public async Task A_sandbox_of_the_same_name_takes_the_place_of_the_former()
    {
        var former = await Networks.CreateSandboxAsync("a", default);
        var before = former.Reserve(Networks.Find("bridge")!, EndpointRequest.Any);
        var next = await Networks.CreateSandboxAsync("a", default);
        var after = next.Reserve(Networks.Find("bridge")!, EndpointRequest.Any);
        Assert.Equal(before.Address, after.Address);
        Assert.Same(next, Networks.FindSandbox("a"));
        await Networks.ReleaseSandboxAsync("a", default);
    }

    [Fact]
    public async Task Networks_come_and_go()
    {
        var made = await Networks.CreateAsync(new NetworkRequest { Name = "blue", Labels = new Dictionary<string, string> { ["of"] = "us" } }, default);
        Assert.Equal(("blue", "bridge", false, false, "us"), (made.Name, made.Driver, made.Predefined, made.IsDefault, made.Labels["of"]));
        Assert.Equal(["bridge", "host", "none", "blue"], Networks.List().Select(network => network.Name));
        Assert.Equal(made, Networks.ForContainer("blue"));
        var conflict = await Assert.ThrowsAsync<NetworkException>(() => Networks.CreateAsync(new NetworkRequest { Name = "blue" }, default));
        Assert.Equal((ErrorKind.Conflict, "network with name blue already exists"), (conflict.Kind, conflict.Message));

        var sandbox = await Networks.CreateSandboxAsync("a", default);
        sandbox.Reserve(made, EndpointRequest.Any);
        var inUse = await Assert.ThrowsAsync<NetworkException>(() => Networks.RemoveAsync(made.Id, default));
        Assert.Equal(ErrorKind.Forbidden, inUse.Kind);
        await Networks.ReleaseSandboxAsync("a", default);
        await Networks.RemoveAsync(made.Id, default);
        Assert.Null(Networks.Find("blue"));
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<NetworkException>(() => Networks.RemoveAsync(made.Id, default))).Kind);
    }

    [Theory]
    [InlineData("bridge")]
    [InlineData("host")]
    [InlineData("none")]
    [InlineData("default")]
    public async Task What_the_engine_makes_nobody_else_makes_or_removes(string name)
    {
        Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<NetworkException>(() => Networks.CreateAsync(new NetworkRequest { Name = name }, default))).Kind);
        if (Networks.Find(name) is { } network)
            Assert.Equal(ErrorKind.Forbidden, (await Assert.ThrowsAsync<NetworkException>(() => Networks.RemoveAsync(network.Id, default))).Kind);
    }

    [Theory]
    [InlineData("host", ErrorKind.Forbidden)]
    [InlineData("null", ErrorKind.Forbidden)]
    [InlineData("nope", ErrorKind.NotFound)]
    public async Task A_network_needs_a_driver_that_makes_them(string driver, ErrorKind kind)
        => Assert.Equal(kind, (await Assert.ThrowsAsync<NetworkException>(() => Networks.CreateAsync(new NetworkRequest { Name = "blue", Driver = driver }, default))).Kind);
}
