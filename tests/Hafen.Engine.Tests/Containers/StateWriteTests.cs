using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.State;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Linux.Cgroups;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Tests.Containers;

/// <summary>Every write of a container's files fails once, and no container is left without a way out.</summary>
public sealed class StateWriteTests : IAsyncLifetime
{
    private static readonly string s_parent = "/hafen-writes-" + Guid.NewGuid().ToString("N")[..8];
    private static readonly CgroupHierarchies s_host = CgroupHierarchies.Detect();

    private readonly TestEngine _test = new(s_parent);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _test.DisposeAsync();
        using var parent = Cgroup.Open(s_host, s_parent);
        parent.Destroy();
    }

    /// <summary>The exceptions that the framework makes of a full disk, a read-only one, and of a folder in the file's place.</summary>
    public static TheoryData<string> Failures => new("ENOSPC", "EROFS", "a folder");

    [Theory, MemberData(nameof(Failures))]
    public async Task A_start_whose_state_cannot_be_written_starts_nothing(string failure)
    {
        string id = await _test.CreateAsync();
        bool executed = false;
        _test.Monitors.Executed = () => executed = true;
        Break(id, failure);
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id));
        Assert.Equal(ErrorKind.System, error.Kind);
        Assert.False(executed);
        Assert.Equal("created", _test.Status(id));
        Assert.Equal(["create"], _test.Actions());

        Mend(id);
        await _test.StartAsync(id);
        Assert.Equal("running", _test.Status(id));
        await _test.Containers.Remove.RunAsync(id, force: true, removeVolumes: true, CancellationToken.None);
        Assert.Empty(_test.Store.All);
    }

    [Theory, MemberData(nameof(Failures))]
    public async Task A_container_can_be_killed_and_removed_while_nothing_can_be_written(string failure)
    {
        string killed = await _test.RunAsync(), removed = await _test.RunAsync(), stopped = await _test.RunAsync();
        foreach (string id in (string[])[killed, removed, stopped])
            Break(id, failure);
        await _test.Containers.Kill.RunAsync(killed, null, CancellationToken.None);
        await _test.Containers.Stop.RunAsync(stopped, null, 1, CancellationToken.None);
        Assert.Equal(("exited", "exited"), (_test.Status(killed), _test.Status(stopped)));
        await _test.Containers.Remove.RunAsync(removed, force: true, removeVolumes: false, CancellationToken.None);
        await _test.Containers.Remove.RunAsync(killed, force: false, removeVolumes: false, CancellationToken.None);
        Assert.Equal(stopped, Assert.Single(_test.Store.All).Id);
    }

    [Fact]
    public async Task An_end_that_cannot_be_written_is_known_to_the_next_daemon()
    {
        string id = await _test.RunAsync();
        Break(id, "ENOSPC");
        _test.Monitors.Latest(id).Exit(42);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "exited");
        await _test.Store.Get(id).Watch;
        Assert.DoesNotContain(id, _test.Monitors.StatesRemoved);
        await _test.CrashAndOpenAsync(monitors => monitors.Exits[id] = new MonitorExited { ExitCode = 42, OomKilled = false, FinishedAt = DateTimeOffset.UtcNow });
        Assert.Equal(("exited", 42), (_test.Status(id), _test.Inspect(id).State.ExitCode));
    }

    [Fact]
    public async Task A_failed_start_that_cannot_be_written_either_is_over_all_the_same()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        Break(id, "ENOSPC");
        _test.Monitors.Latest(id).Exit(1);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "exited");
        Assert.Equal(128, _test.Inspect(id).State.ExitCode);
        await _test.Containers.Remove.RunAsync(id, force: false, removeVolumes: false, CancellationToken.None);
        Assert.Empty(_test.Store.All);
    }

    [Fact]
    public async Task A_failure_after_the_process_has_begun_ends_it()
    {
        string id = await _test.CreateAsync();
        var container = _test.Store.Get(id);
        // Nothing the engine does then fails by itself.
        _test.Monitors.Executed = () => container.Transit(ContainerChange.Started, static s => s);
        await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id));
        Assert.Equal("exited", _test.Status(id));
        Assert.Contains(9, _test.Monitors.Latest(id).Signals);
        await _test.Containers.Remove.RunAsync(id, force: true, removeVolumes: false, CancellationToken.None);
        Assert.Empty(_test.Store.All);
    }

    [Fact]
    public async Task A_creation_that_cannot_be_written_leaves_nothing()
    {
        _test.Store.Failpoint = (write, _) => Throw(write == StoreWrite.NewContainer, "ENOSPC");
        await Assert.ThrowsAsync<IOException>(() => _test.CreateAsync(name: "web"));
        Assert.Empty(_test.Store.All);
        Assert.Empty(_test.Snapshots.Existing);
        _test.Store.Failpoint = null;
        await _test.CreateAsync(name: "web");
    }

    [Fact]
    public async Task A_removal_that_cannot_delete_can_be_tried_again()
    {
        string id = await _test.CreateAsync();
        _test.Store.Failpoint = (write, _) => Throw(write == StoreWrite.Deletion, "EROFS");
        for (int i = 0; i < 2; i++)
            await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Remove.RunAsync(id, force: true, removeVolumes: false, CancellationToken.None));
        Assert.Equal("dead", _test.Status(id));
        _test.Store.Failpoint = null;
        await _test.Containers.Remove.RunAsync(id, force: false, removeVolumes: false, CancellationToken.None);
        Assert.Empty(_test.Store.All);
    }

    [Fact]
    public async Task A_name_that_cannot_be_written_is_not_taken()
    {
        string id = await _test.CreateAsync(name: "old");
        _test.Store.Failpoint = (write, _) => Throw(write == StoreWrite.Record, "ENOSPC");
        await Assert.ThrowsAsync<IOException>(() => _test.Containers.Rename.RunAsync(id, "new", CancellationToken.None));
        Assert.Equal("old", _test.Store.Get(id).Record.Name);
        _test.Store.Failpoint = null;
        await _test.CreateAsync(name: "new");
    }

    [Fact]
    public async Task Limits_that_cannot_be_written_down_are_the_old_ones_for_record_and_kernel()
    {
        string id = await _test.RunAsync(new HostConfig { Memory = 32 << 20 });
        using var cgroup = Cgroup.Create(s_host, s_parent + "/" + id, new() { Memory = new() { Limit = 32 << 20 } });
        try
        {
            _test.Store.Failpoint = (write, _) =>
            {
                if (write != StoreWrite.Record)
                    return;
                Assert.Equal(64UL << 20, cgroup.Stats().Memory!.Limit);
                Throw(true, "ENOSPC");
            };
            var error = await Assert.ThrowsAsync<EngineException>(
                () => _test.Containers.Update.RunAsync(id, new ContainerUpdateRequest { Memory = 64 << 20, MemorySwap = -1 }, CancellationToken.None));
            Assert.StartsWith($"Cannot update container {id}: ", error.Message, StringComparison.Ordinal);
            Assert.Equal(32UL << 20, cgroup.Stats().Memory!.Limit);
            Assert.Equal(32 << 20, _test.Store.Get(id).Record.HostConfig.Memory);
        }
        finally
        {
            cgroup.Destroy();
        }
    }

    [Fact]
    public async Task A_pause_that_cannot_be_written_is_none()
    {
        string id = await _test.RunAsync();
        using var cgroup = Cgroup.Create(s_host, s_parent + "/" + id, null);
        try
        {
            Break(id, "ENOSPC");
            await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Pause.RunAsync(id, CancellationToken.None));
            Assert.Equal(("running", FreezerState.Thawed), (_test.Status(id), cgroup.State));
            Mend(id);
            await _test.Containers.Pause.RunAsync(id, CancellationToken.None);
            Break(id, "ENOSPC");
            await _test.Containers.Unpause.RunAsync(id, CancellationToken.None);
            Assert.Equal(("running", FreezerState.Thawed), (_test.Status(id), cgroup.State));
        }
        finally
        {
            Mend(id);
            cgroup.Destroy();
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whether_it_is_paused_the_next_daemon_asks_the_kernel(bool paused)
    {
        string id = await _test.RunAsync();
        using var cgroup = Cgroup.Create(s_host, s_parent + "/" + id, null);
        try
        {
            if (paused)
            {
                // As of a daemon that died before it could write.
                cgroup.Freeze();
            }
            else
            {
                await _test.Containers.Pause.RunAsync(id, CancellationToken.None);
                Break(id, "ENOSPC");
                await _test.Containers.Unpause.RunAsync(id, CancellationToken.None);
            }
            await _test.CrashAndOpenAsync(monitors => monitors.Surviving[id] = new FakeMonitor(monitors, id));
            Assert.Equal(paused ? "paused" : "running", _test.Status(id));
            if (paused)
                await _test.Containers.Unpause.RunAsync(id, CancellationToken.None);
            Assert.Equal(("running", FreezerState.Thawed), (_test.Status(id), cgroup.State));
        }
        finally
        {
            cgroup.Destroy();
        }
    }

    [Fact]
    public async Task What_fails_when_a_run_is_cleaned_up_keeps_nothing_that_comes_after_it()
    {
        string again = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" }, Binds = ["a:/a"] });
        string away = await _test.RunAsync(new HostConfig { AutoRemove = true, Binds = ["a:/a"] });
        _test.Networks.ReleaseFailure = new InvalidOperationException("network");
        _test.Volumes.UnmountFailure = new UnauthorizedAccessException("volume");
        _test.Monitors.RemoveStateFailure = new IOException("folder");
        var removal = _test.WaitAsync(away, WaitCondition.Removed);
        _test.Monitors.Latest(again).Exit(1);
        _test.Monitors.Latest(away).Exit(0);
        await removal;
        await TestEngine.EventuallyAsync(() => _test.Monitors.Launched[again].Count == 2 && _test.Status(again) == "running");
        foreach (string step in (string[])["release the network", "unmount volume a", "remove the monitor's folder"])
            Assert.Contains(_test.Log.Entries, entry => entry.Level == LogLevel.Warning && entry.Text.Contains(step, StringComparison.Ordinal));
        _test.Monitors.RemoveStateFailure = null;
    }

    [Fact]
    public async Task Background_work_that_fails_unexpectedly_is_logged()
    {
        await _test.Engine.Background.Run(() => throw new FormatException("x"));
        Assert.Contains((LogLevel.Error, $"work in the background failed: {nameof(Background_work_that_fails_unexpectedly_is_logged)}"), _test.Log.Entries);
    }

    private void Break(string id, string failure)
    {
        if (failure == "a folder")
        {
            Directory.CreateDirectory(Path.Combine(_test.Store.FolderOf(id), "state.json.new", "x"));
            return;
        }
        var before = _test.Store.Failpoint;
        _test.Store.Failpoint = (write, container) =>
        {
            before?.Invoke(write, container);
            Throw(container.Id == id && write == StoreWrite.State, failure);
        };
    }

    private void Mend(string id)
    {
        _test.Store.Failpoint = null;
        string folder = Path.Combine(_test.Store.FolderOf(id), "state.json.new");
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }

    private static void Throw(bool now, string failure)
    {
        if (now)
            throw failure == "EROFS" ? new UnauthorizedAccessException("Read-only file system") : new IOException("No space left on device");
    }
}
