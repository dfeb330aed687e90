using Hafen.Api;
using Hafen.Daemon.Versions;
using Hafen.Engine;
using Hafen.Engine.Containers;

namespace Hafen.Daemon.Tests.Versions;

/// <summary>What older clients mean.</summary>
public sealed class RequestRulesTests
{
    [Theory]
    [InlineData(39, false, false, 0)]
    [InlineData(41, true, false, 0)]
    [InlineData(43, true, true, 0)]
    [InlineData(44, true, true, 5_000_000)]
    public void Older_clients_cannot_mean_what_came_later(int minor, bool nonRecursive, bool createMountpoint, long startInterval)
    {
        var body = Adapt(minor, new ContainerCreateRequest
        {
            Healthcheck = new HealthConfig { StartInterval = 5_000_000 },
            HostConfig = new HostConfig
            {
                Mounts = [new MountRequest { Type = "bind", BindOptions = new BindOptions { NonRecursive = true, CreateMountpoint = true } }, new MountRequest { Type = "tmpfs" }],
            },
        }).Body;
        var bind = body.HostConfig!.Mounts![0].BindOptions!;
        Assert.Equal((nonRecursive, createMountpoint, startInterval), (bind.NonRecursive, bind.CreateMountpoint, body.Healthcheck!.StartInterval));
        Assert.Null(body.HostConfig.Mounts[1].BindOptions);
    }

    [Theory]
    [InlineData(24, false, "shareable", "host")]
    [InlineData(39, true, "shareable", "host")]
    [InlineData(40, true, null, "host")]
    [InlineData(41, true, null, null)]
    public void Older_clients_mean_older_defaults(int minor, bool autoRemove, string? ipc, string? cgroup)
    {
        var host = Adapt(minor, new ContainerCreateRequest { HostConfig = new HostConfig { AutoRemove = true } }).Body.HostConfig!;
        Assert.Equal((autoRemove, ipc, cgroup), (host.AutoRemove, host.IpcMode, host.CgroupnsMode));
    }

    [Fact]
    public void Binds_and_hardware_addresses_have_another_meaning_before_44()
    {
        var older = Adapt(43, new ContainerCreateRequest());
        Assert.False(older.ReadOnlyBindsAreRecursive);
        Assert.True(older.MacAddressIsTheContainers);
        var newer = Adapt(44, new ContainerCreateRequest());
        Assert.True(newer.ReadOnlyBindsAreRecursive);
        Assert.False(newer.MacAddressIsTheContainers);
    }

    [Theory]
    [InlineData(43, "BindOptions.ReadOnlyForceRecursive needs API v1.44 or newer")]
    [InlineData(44, "VolumeOptions.Subpath needs API v1.45 or newer")]
    [InlineData(47, "Mount type \"Image\" needs API v1.48 or newer")]
    [InlineData(48, null)]
    public void What_an_older_version_has_not_is_refused_by_name(int minor, string? message)
    {
        var body = new ContainerCreateRequest
        {
            HostConfig = new HostConfig
            {
                Mounts =
                [
                    new MountRequest { Type = "bind", BindOptions = new BindOptions { ReadOnlyForceRecursive = true } },
                    new MountRequest { Type = "volume", VolumeOptions = new VolumeOptions { Subpath = "a" } },
                    new MountRequest { Type = "image" },
                ],
            },
        };
        if (message is null)
            Adapt(minor, body);
        else
            Assert.Equal(message, Assert.Throws<EngineException>(() => Adapt(minor, body)).Message);
    }

    [Fact]
    public void Several_networks_at_create_came_with_44()
    {
        var body = new ContainerCreateRequest { NetworkingConfig = new NetworkingConfig { EndpointsConfig = new() { ["a"] = null, ["b"] = null } } };
        Assert.Equal("Container cannot be created with multiple network endpoints: a, b", Assert.Throws<EngineException>(() => Adapt(43, body)).Message);
        Adapt(44, body);
    }

    [Fact]
    public void Clients_are_warned_of_what_has_no_effect()
    {
        var memory = new ContainerCreateRequest { HostConfig = new HostConfig { KernelMemory = 1 } };
        Assert.Contains("kernel memory limit", Assert.Single(Adapt(41, memory).Warnings), StringComparison.Ordinal);
        Assert.Empty(Adapt(42, memory).Warnings);
        var driver = new ContainerCreateRequest { HostConfig = new HostConfig { VolumeDriver = "d", Mounts = [new MountRequest { Type = "volume" }] } };
        Assert.Empty(Adapt(47, driver).Warnings);
        Assert.Contains("volume-driver configuration is ignored", Assert.Single(Adapt(48, driver).Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(39, null, 7L)]
    [InlineData(41, 5L, 7L)]
    [InlineData(42, 5L, 0L)]
    public void Updates(int minor, long? pids, long kernelMemory)
    {
        var update = RequestRules.Table.Adapt(new ContainerUpdateRequest { PidsLimit = 5, KernelMemory = 7 }, new ApiVersion(1, minor));
        Assert.Equal((pids, kernelMemory), (update.PidsLimit, update.KernelMemory));
    }

    [Fact]
    public void A_console_has_a_size_from_42_on()
    {
        Assert.Null(RequestRules.Table.Adapt(new ExecCreateRequest { ConsoleSize = [1, 2] }, new ApiVersion(1, 41)).ConsoleSize);
        Assert.NotNull(RequestRules.Table.Adapt(new ExecCreateRequest { ConsoleSize = [1, 2] }, new ApiVersion(1, 42)).ConsoleSize);
        Assert.Null(RequestRules.Table.Adapt(new ExecStartRequest { ConsoleSize = [1, 2] }, new ApiVersion(1, 41)).ConsoleSize);
    }

    [Fact]
    public void Nothing_is_changed_for_clients_of_today()
    {
        var body = new ContainerCreateRequest { HostConfig = new HostConfig { AutoRemove = true, IpcMode = "private" } };
        Assert.Equal(body, Adapt(ApiVersion.Newest.Minor, body).Body);
    }

    private static CreateContainerRequest Adapt(int minor, ContainerCreateRequest body)
        => RequestRules.Table.Adapt(new CreateContainerRequest { Body = body }, new ApiVersion(1, minor));
}
