using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Tests.Fakes;

namespace Hafen.Engine.Tests.Containers.Create;

public sealed class VolumesFromTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Theory]
    [InlineData("from", true)]
    [InlineData("from:ro", false)]
    [InlineData("from:", true)]
    public async Task Volumes_and_binds_come_and_a_tmpfs_stays(string reference, bool writable)
    {
        await _test.CreateAsync(
            new HostConfig
            {
                Binds = ["named:/named", "/anonymous", "/srv:/bound:ro,z"],
                Tmpfs = new() { ["/scratch"] = "" },
                Mounts = [new MountRequest { Type = "tmpfs", Target = "/other" }],
            }, "from");
        string id = await _test.CreateAsync(new HostConfig { VolumesFrom = [reference] });
        var mounts = _test.Inspect(id).Mounts.OrderBy(mount => mount.Destination, StringComparer.Ordinal).ToArray();
        Assert.Equal(["/anonymous", "/bound", "/named"], mounts.Select(mount => mount.Destination));
        Assert.All(mounts, mount => Assert.Equal("", mount.Mode));
        Assert.Equal([writable, false, writable], mounts.Select(mount => mount.RW));
        Assert.DoesNotContain(_test.Store.Get(id).Record.Mounts, mount => mount.Type == "tmpfs");
    }

    /// <summary>Who is the last to use an anonymous volume takes it along, also one that came from another container.</summary>
    [Fact]
    public async Task An_anonymous_volume_goes_with_its_last_user()
    {
        string first = await _test.CreateAsync(new HostConfig { Binds = ["/anonymous"] }, "from");
        string second = await _test.CreateAsync(new HostConfig { VolumesFrom = ["from"] });
        await _test.Containers.Remove.RunAsync(first, false, removeVolumes: true, CancellationToken.None);
        Assert.Single(_test.Volumes.Volumes);
        await _test.Containers.Remove.RunAsync(second, false, removeVolumes: true, CancellationToken.None);
        Assert.Empty(_test.Volumes.Volumes);
    }

    [Fact]
    public async Task Modes_are_shown_as_docker_shows_them()
    {
        string id = await _test.CreateAsync(new HostConfig
        {
            Binds = ["named:/a", "named2:/b:ro", "/srv:/c"],
            Mounts = [new MountRequest { Type = "volume", Source = "named3", Target = "/d" }, new MountRequest { Type = "bind", Source = "/tmp", Target = "/e" }],
        }, more: r => r with { Volumes = new() { ["f"] = EmptyObject.Value } });
        var modes = _test.Inspect(id).Mounts.ToDictionary(mount => mount.Destination!, mount => mount.Mode);
        Assert.Equal(("z", "ro", "", "z", "", ""), (modes["/a"], modes["/b"], modes["/c"], modes["/d"], modes["/e"], modes["f"]));
    }
}
