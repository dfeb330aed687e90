using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Tests.Fakes;

namespace Hafen.Engine.Tests.Containers.Create;

/// <summary>Requests as a whole: what is refused by name, what older clients cannot mean, what is honoured.</summary>
public sealed class RequestTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    public static TheoryData<string, string, EndpointSettings> RefusedEndpoints => new()
    {
        { "bridge", "user specified IP address is supported on user defined networks only", new() { IPAMConfig = new() { IPv4Address = "10.0.0.9" } } },
        { "default", "user specified IP address is supported on user defined networks only", new() { IPAMConfig = new() { IPv6Address = "fd00::9" } } },
        { "none", "user specified IP address is supported on user defined networks only", new() { IPAMConfig = new() { IPv4Address = "10.0.0.9" } } },
        { "bridge", "network-scoped alias is supported only for containers in user defined networks", new() { Aliases = ["db"] } },
        { "bridge", "invalid MAC address zz", new() { MacAddress = "zz" } },
        { "bridge", "links between containers are not supported", new() { Links = ["a:b"] } },
        { "bridge", "network driver options are not supported: com.example.b, com.example.c", new() { DriverOpts = new() { ["com.example.c"] = "1", ["com.example.b"] = "1" } } },
        { "bridge", "link-local addresses (LinkLocalIPs) are not supported", new() { IPAMConfig = new() { LinkLocalIPs = ["169.254.1.1"] } } },
    };

    [Theory]
    [MemberData(nameof(RefusedEndpoints))]
    public void Wishes_of_networks_that_cannot_be_granted_are_refused(string network, string message, EndpointSettings settings)
    {
        var config = new NetworkingConfig { EndpointsConfig = new() { [network] = settings } };
        Assert.Equal(message, Assert.Throws<EngineException>(() => ValidateEndpoints.Check("bridge", config, new FakeNetworks())).Message);
    }

    [Fact]
    public void Wishes_of_networks_that_are_not_there_are_left_to_the_start()
        => ValidateEndpoints.Check("mine", new NetworkingConfig
        {
            EndpointsConfig = new() { ["mine"] = new EndpointSettings { Aliases = ["db"], IPAMConfig = new() { IPv4Address = "10.0.0.9" } }, ["bridge"] = null },
        }, new FakeNetworks());

    [Fact]
    public async Task A_network_that_is_disabled_is_none()
    {
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = "bridge" }, more: r => r with { NetworkDisabled = true, NetworkingConfig = new NetworkingConfig { EndpointsConfig = new() { ["bridge"] = new() } } });
        await _test.StartAsync(id);
        Assert.Equal("none", Assert.Single(_test.Store.Get(id).State.Endpoints!).NetworkName);
    }

    [Fact]
    public async Task Health_checks_of_an_image_begin_with_the_container()
    {
        _test.Images.Config = _test.Images.Config with { Healthcheck = new() { Test = ["CMD", "true"] } };
        string id = await _test.CreateAsync();
        Assert.Null(_test.Store.Get(id).State.Health);
        await _test.StartAsync(id);
        Assert.Equal("starting", _test.Store.Get(id).State.Health!.Status);
        string other = await _test.CreateAsync(more: r => r with { Healthcheck = new HealthConfig { Test = ["NONE"] } });
        await _test.StartAsync(other);
        Assert.Null(_test.Store.Get(other).State.Health);
    }

    [Fact]
    public async Task A_bind_source_that_is_missing_is_made_when_the_mount_says_so()
    {
        string source = Path.Combine(_test.RunRoot, "missing", "folder");
        string id = await _test.CreateAsync(new HostConfig
        {
            Mounts = [new MountRequest { Type = "bind", Source = source, Target = "/t", BindOptions = new BindOptions { CreateMountpoint = true } }],
        });
        await _test.StartAsync(id);
        Assert.True(Directory.Exists(source));
    }
}
