using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;

namespace Hafen.Engine.Tests.Containers.Create;

/// <summary>Networks named by ID or by the beginning of one: what comes after knows no difference.</summary>
public sealed class NetworkRequestTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Theory]
    [InlineData("bridge")]
    [InlineData("default")]
    [InlineData("bbbbbbbbbbbb")]
    public async Task The_default_network_by_any_name_shows_its_address(string mode)
    {
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = mode });
        await _test.StartAsync(id);
        var inspect = _test.Inspect(id);
        Assert.Equal("10.1.0.2", inspect.NetworkSettings.IPAddress);
        Assert.Equal("10.1.0.2", inspect.NetworkSettings.Networks!["bridge"]!.IPAddress);
        Assert.Equal(mode == "default" ? "bridge" : mode, inspect.HostConfig.NetworkMode);
    }

    [Fact]
    public async Task Who_shares_a_shared_network_has_the_files_of_the_container_that_owns_it()
    {
        string owner = await _test.RunAsync(new HostConfig { NetworkMode = "bridge" }, "owner");
        await _test.RunAsync(new HostConfig { NetworkMode = "container:owner" }, "between");
        string last = await _test.RunAsync(new HostConfig { NetworkMode = "container:between" });
        string config = await File.ReadAllTextAsync(Path.Combine(_test.Store.FolderOf(last), "config.json"));
        Assert.Contains(Path.Combine(_test.Store.FolderOf(owner), "resolv.conf"), config);
    }

    [Fact]
    public async Task Settings_of_interfaces_are_made_when_the_interfaces_are_there()
    {
        _test.Networks.ConnectGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = "bridge", Sysctls = new() { ["net.ipv4.conf.eth0.rp_filter"] = "2" } });
        var start = _test.StartAsync(id);
        await TestEngine.EventuallyAsync(() => _test.Store.Get(id).Starting is not null);
        Assert.Null(_test.Monitors.Latest(id).Created);
        _test.Networks.ConnectGate.SetResult();
        await start;
        Assert.NotNull(_test.Monitors.Latest(id).Created);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("cccccccccccc")]
    public async Task The_host_network_by_any_name_is_the_hosts(string mode)
    {
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = mode });
        await _test.StartAsync(id);
        Assert.Empty(_test.Networks.Connected);
        Assert.Equal(_test.Host.Hostname, _test.Inspect(id).Config.Hostname);
        string config = await File.ReadAllTextAsync(Path.Combine(_test.Store.FolderOf(id), "config.json"));
        Assert.DoesNotContain("\"network\"", config);
    }

    [Fact]
    public async Task The_hosts_network_goes_with_no_other_and_takes_no_sysctls()
    {
        foreach (string mode in new[] { "host", "cccccccccccc" })
        {
            await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(new HostConfig { NetworkMode = mode, Sysctls = new() { ["net.core.somaxconn"] = "1" } }));
            await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(
                new HostConfig { NetworkMode = mode }, more: r => r with { NetworkingConfig = new NetworkingConfig { EndpointsConfig = new() { ["bridge"] = new() } } }));
            await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(new HostConfig { NetworkMode = mode }, more: r => r with { MacAddress = "02:42:ac:11:00:05" }));
        }
    }

    [Fact]
    public void Wishes_follow_the_network_they_name()
    {
        var networks = new FakeNetworks();
        var choice = NetworkChoice.Of("bridge", disabled: false, networks);
        var config = new NetworkingConfig { EndpointsConfig = new() { [FakeNetworks.Bridge.Id] = new EndpointSettings { MacAddress = "02:42:ac:11:00:05" }, ["mine"] = null } };
        var requested = RequestedNetworks.Of(choice, "bridge", config, networks);
        Assert.Equal(["bridge", "mine"], requested.Select(network => network.Name));
        Assert.Equal("02:42:ac:11:00:05", requested[0].Settings.MacAddress);
    }

    [Fact]
    public async Task Who_joins_itself_or_nobody_is_told()
    {
        string self = await _test.CreateAsync(new HostConfig { NetworkMode = "container:self" }, "self");
        Assert.Equal("cannot join own network namespace", (await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(self))).Message);
        string nobody = await _test.CreateAsync(new HostConfig { NetworkMode = "container:nobody" });
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(nobody));
        Assert.Equal((ErrorKind.System, "joining network namespace of container: No such container: nobody"), (error.Kind, error.Message));
        string waiting = await _test.CreateAsync(name: "waiting");
        string joins = await _test.CreateAsync(new HostConfig { NetworkMode = "container:waiting" });
        Assert.Equal(
            "cannot join network namespace of a non running container: container waiting is created",
            (await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(joins))).Message);
        string shares = await _test.CreateAsync(new HostConfig { PidMode = "container:waiting" });
        Assert.Equal($"failed to join PID namespace: container {waiting} is not running", (await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(shares))).Message);
        foreach (var host in new[] { new HostConfig { PidMode = "container:nobody" }, new HostConfig { IpcMode = "container:nobody" } })
        {
            var refused = await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(host));
            Assert.Equal((ErrorKind.InvalidParameter, "No such container: nobody"), (refused.Kind, refused.Message));
        }
    }
}
