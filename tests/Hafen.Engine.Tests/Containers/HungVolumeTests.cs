using Hafen.Api;
using Hafen.Engine.Tests.Fakes;

namespace Hafen.Engine.Tests.Containers;

/// <summary>A volume that does not answer: who needs it waits, and nobody else.</summary>
public sealed class HungVolumeTests : IAsyncLifetime
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task A_start_waits_for_its_volume_and_keeps_no_other_container()
    {
        var server = new TaskCompletionSource();
        string stuck = await _test.CreateAsync(new HostConfig { Binds = ["dead:/data"] });
        string other = await _test.CreateAsync(new HostConfig { Binds = ["alive:/data"] });
        _test.Volumes.Hanging["dead"] = server.Task;
        var starting = _test.StartAsync(stuck);
        await _test.StartAsync(other).WaitAsync(s_patience);
        Assert.Equal(["alive", "dead"], _test.ComposeVolumes().List.Run(FilterSet.Empty).Volumes!.Select(volume => volume.Name));
        Assert.False(starting.IsCompleted);
        server.SetResult();
        await starting.WaitAsync(s_patience);
        Assert.Equal("running", _test.Status(stuck));
    }

    [Fact]
    public async Task A_create_whose_client_has_gone_leaves_nothing()
    {
        _test.Volumes.Hanging["dead"] = new TaskCompletionSource().Task;
        using var gone = new CancellationTokenSource();
        var body = new ContainerCreateRequest
        {
            Image = "busybox",
            HostConfig = new HostConfig { Binds = ["dead:/data"], SecurityOpt = ["seccomp=unconfined"], NetworkMode = "none" },
        };
        var creating = _test.Containers.Create.RunAsync(new() { Body = body }, gone.Token);
        Assert.False(creating.IsCompleted);
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => creating.WaitAsync(s_patience));
        Assert.Empty(_test.Store.All);
        Assert.Empty(_test.Volumes.Mounted);
        Assert.Empty(_test.Volumes.Volumes);
    }

    [Fact]
    public async Task A_daemon_that_comes_back_keeps_the_volume_of_a_running_container_without_a_look_at_it()
    {
        string id = await _test.RunAsync(new HostConfig { Binds = ["dead:/data"] });
        _test.Volumes.Hanging["dead"] = new TaskCompletionSource().Task;
        _test.Volumes.Mounted.Clear();
        FakeMonitor? survivor = null;
        await _test.CrashAndOpenAsync(monitors => monitors.Surviving[id] = survivor = new FakeMonitor(monitors, id)).WaitAsync(s_patience);
        Assert.Equal("running", _test.Status(id));
        Assert.Equal([("dead", id)], _test.Volumes.Mounted);
        survivor!.Exit(0);
        await TestEngine.EventuallyAsync(() => _test.Volumes.Mounted.Count == 0);
    }
}
