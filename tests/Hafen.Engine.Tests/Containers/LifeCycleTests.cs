using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Host;
using Hafen.Engine.Images;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Protocol;
using Hafen.Volumes;

namespace Hafen.Engine.Tests.Containers;

public sealed class LifeCycleTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Create_start_exit_remove()
    {
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = "bridge" }, "web");
        Assert.Equal("created", _test.Status("web"));
        var wait = _test.WaitAsync(id, WaitCondition.NextExit);
        await _test.StartAsync("web");
        Assert.Equal("running", _test.Status(id[..12]));
        Assert.Equal("10.1.0.2", _test.Inspect(id).NetworkSettings.IPAddress);
        Assert.False(wait.IsCompleted);

        _test.Monitors.Latest(id).Exit(3);
        Assert.Equal(3, (await wait).ExitCode);
        await _test.Store.Get(id).Watch;
        var state = _test.Inspect(id).State;
        Assert.Equal(("exited", 3, 0), (state.Status, state.ExitCode, state.Pid));
        Assert.Contains(id, _test.Networks.Released);

        await _test.Containers.Remove.RunAsync("web", false, false, CancellationToken.None);
        Assert.Empty(_test.Snapshots.Existing);
        Assert.Throws<EngineException>(() => _test.Store.Get(id));
        Assert.Equal(["create", "start", "die", "destroy"], _test.Actions());
    }

    [Fact]
    public async Task Volumes_are_told_of_when_they_are_mounted_and_when_not_any_more()
    {
        using var events = _test.Events.Subscribe(null, null, FilterSet.Empty.With("type", "volume").With("event", "mount").With("event", "unmount"));
        string id = await _test.RunAsync(new HostConfig { Binds = ["data:/d:ro"] });
        _test.Monitors.Latest(id).Exit(0);
        await _test.WaitAsync(id, WaitCondition.NotRunning);
        Assert.True(events.Reader.TryRead(out var mounted));
        Assert.Equal(("mount", "data", "/d", "false"), (mounted.Action, mounted.Actor.ID, mounted.Actor.Attributes["destination"], mounted.Actor.Attributes["read/write"]));
        Assert.True(events.Reader.TryRead(out var unmounted));
        Assert.Equal(("unmount", "data", id), (unmounted.Action, unmounted.Actor.ID, unmounted.Actor.Attributes["container"]));
    }

    [Fact]
    public async Task A_name_is_unique_until_it_is_free_again()
    {
        string id = await _test.CreateAsync(name: "web");
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(name: "web"));
        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Equal(
            $"Conflict. The container name \"/web\" is already in use by container \"{id}\". You have to remove (or rename) that container to be able to reuse that name.",
            error.Message);
        Assert.Single(_test.Snapshots.Existing);
        await _test.Containers.Rename.RunAsync("web", "old", CancellationToken.None);
        Assert.NotEqual(id, await _test.CreateAsync(name: "web"));
        var malformed = await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(name: "a/b"));
        Assert.Equal("Invalid container name (a/b), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed", malformed.Message);
    }

    [Fact]
    public async Task An_image_removed_since_it_was_found_is_not_found()
    {
        _test.Snapshots.PrepareFailure = new KeyNotFoundException("layer sha256:1 does not exist");
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(name: "web"));
        Assert.Equal((ErrorKind.NotFound, "No such image: busybox:latest"), (error.Kind, error.Message));
        _test.Snapshots.PrepareFailure = null;
        await _test.CreateAsync(name: "web");
    }

    [Fact]
    public async Task An_unknown_image_is_not_found()
    {
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(more: r => r with { Image = "nosuch" }));
        Assert.Equal((ErrorKind.NotFound, "No such image: nosuch:latest"), (error.Kind, error.Message));
    }

    [Fact]
    public async Task A_volume_is_kept_for_the_container_that_is_being_made()
    {
        var volumes = _test.ComposeVolumes();
        _test.Volumes.Meanwhile = async () => Assert.Empty((await volumes.Prune.RunAsync(FilterSet.Empty, anonymousOnly: false, default)).VolumesDeleted!);
        string id = await _test.CreateAsync(new HostConfig { Binds = ["data:/data"] });
        Assert.Contains("data", _test.Volumes.Volumes.Keys);
        Assert.Empty(_test.Volumes.Mounted);

        // One that fails takes away what it has made, but not what another has begun to use.
        bool other = false;
        _test.Volumes.Meanwhile = async () =>
        {
            if (other)
                return;
            other = true;
            await _test.CreateAsync(new HostConfig { Binds = ["shared:/data"] });
            throw new IOException("disk");
        };
        await Assert.ThrowsAsync<IOException>(() => _test.CreateAsync(new HostConfig { Binds = ["shared:/data", "own:/own"] }));
        Assert.Equal(["data", "shared"], _test.Volumes.Volumes.Keys.Order());
        Assert.Empty(_test.Volumes.Mounted);
        await _test.Containers.Remove.RunAsync(id, false, false, CancellationToken.None);
    }

    [Fact]
    public async Task A_volume_that_somebody_else_removes_stops_neither_prune_nor_measurement()
    {
        var volumes = _test.ComposeVolumes();
        foreach (string name in (string[])["one", "two", "three"])
            await _test.Volumes.CreateAsync(name, null, null, null, default);
        _test.Volumes.Measured = name =>
        {
            if (name == "two")
                _test.Volumes.Volumes.Remove("two");
        };
        var uses = _test.Engine.Uses;
        var images = ImageUseCases.Compose(_test.Images, _test.Snapshots, uses, _test.Events, TimeProvider.System);
        var usage = new MeasureDiskUsage(_test.Images, images.List, new ImageLayers(_test.Snapshots), _test.Volumes, uses, _test.Containers.List);
        Assert.Equal(["one", "three"], (await usage.RunAsync(DiskUsageKinds.Volumes, default)).Volumes!.Select(volume => volume.Name));
        await _test.Volumes.CreateAsync("two", null, null, null, default);
        Assert.Equal(["one", "three"], (await volumes.Prune.RunAsync(FilterSet.Empty, anonymousOnly: false, default)).VolumesDeleted!);
    }

    [Fact]
    public async Task All_ports_cannot_be_published_when_there_are_some()
    {
        await _test.CreateAsync(new HostConfig { PublishAllPorts = true, NetworkMode = "bridge" });
        _test.Images.Config = _test.Images.Config with { ExposedPorts = new() { ["80/tcp"] = default } };
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.CreateAsync(new HostConfig { PublishAllPorts = true, NetworkMode = "bridge" }));
        Assert.Equal(ErrorKind.NotImplemented, error.Kind);
        await _test.CreateAsync();
    }

    [Fact]
    public async Task A_failed_create_leaves_nothing()
    {
        await Assert.ThrowsAsync<VolumeException>(() => _test.CreateAsync(new HostConfig { Binds = ["good:/a", "bad!:/b"] }, "web"));
        Assert.Empty(_test.Snapshots.Existing);
        Assert.Empty(_test.Volumes.Volumes);
        Assert.Empty(_test.Store.All);
        await _test.CreateAsync(name: "web");
    }

    [Theory]
    [InlineData(ErrorKind.CommandNotFound, "exec: \"nosuch\": executable file not found in $PATH", 127, ErrorKind.InvalidParameter)]
    [InlineData(ErrorKind.CommandNotExecutable, "exec: \"/etc/passwd\": permission denied", 126, ErrorKind.InvalidParameter)]
    [InlineData(ErrorKind.System, "mount /x: cannot allocate memory", 128, ErrorKind.System)]
    public async Task A_failed_start_is_told_in_dockers_words_and_remembered(ErrorKind kind, string message, int exitCode, ErrorKind expected)
    {
        _test.Monitors.StartFailure = new Failure(kind, 0, "exec", message);
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = "bridge" });
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id));
        Assert.Equal(expected, error.Kind);
        Assert.Equal(
            $"failed to create task for container: failed to create shim task: OCI runtime create failed: unable to start container process: {message}: unknown",
            error.Message);
        var state = _test.Inspect(id).State;
        Assert.Equal(("created", exitCode, error.Message), (state.Status, state.ExitCode, state.Error));
        Assert.Contains(id, _test.Networks.Released);
        Assert.Contains(id, _test.Monitors.StatesRemoved);

        _test.Monitors.StartFailure = null;
        await _test.StartAsync(id);
        Assert.Equal("running", _test.Status(id));
    }

    [Fact]
    public async Task A_failed_start_of_a_container_made_with_rm_removes_it_and_tells_who_waits()
    {
        _test.Monitors.CreateFailure = new Failure(ErrorKind.CommandNotFound, 0, "exec", "not found");
        string id = await _test.CreateAsync(new HostConfig { AutoRemove = true });
        var wait = _test.WaitAsync(id, WaitCondition.Removed);
        await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id));
        Assert.Equal(127, (await wait).ExitCode);
        Assert.Empty(_test.Store.All);
    }

    [Fact]
    public async Task A_network_that_is_not_there()
    {
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = "nosuch" });
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id));
        Assert.Equal((ErrorKind.NotFound, "network nosuch not found"), (error.Kind, error.Message));
    }

    [Fact]
    public async Task Rm_removes_at_the_end_with_its_anonymous_volumes()
    {
        string id = await _test.RunAsync(new HostConfig { AutoRemove = true, Binds = ["/anonymous", "named:/named"] });
        Assert.Equal(2, _test.Volumes.Volumes.Count);
        var wait = _test.WaitAsync(id, WaitCondition.Removed);
        _test.Monitors.Latest(id).Exit(0);
        Assert.Equal(0, (await wait).ExitCode);
        Assert.Equal(["named"], _test.Volumes.Volumes.Keys);
        Assert.False(Directory.Exists(_test.Store.FolderOf(id)));
    }

    [Fact]
    public async Task Clients_that_attach_first_are_handed_over_before_the_process_starts()
    {
        string id = await _test.CreateAsync(more: r => r with { Tty = true, OpenStdin = true });
        var (ours, theirs) = StreamSocket.Pair();
        using (theirs)
        {
            var attachment = _test.Containers.PrepareAttach.Run(id, new AttachRequest { Stdin = true, Stdout = true, Stream = true });
            Assert.False(attachment.Multiplexed);
            await _test.Containers.Attach.RunAsync(attachment, ours, [1, 2], CancellationToken.None);
            Assert.False(ours.IsClosed);
            await _test.StartAsync(id);
            Assert.True(ours.IsClosed);
        }
        var (before, request) = Assert.Single(_test.Monitors.Latest(id).AttachOrder);
        Assert.True(before);
        Assert.Equal([16, 17], request.DetachKeys);
        Assert.Equal([1, 2], request.Prefix);
        Assert.True(request.Stdin);
    }

    [Fact]
    public async Task Clients_that_attached_to_what_never_starts_see_the_end()
    {
        string id = await _test.CreateAsync();
        var (ours, theirs) = StreamSocket.Pair();
        using (theirs)
        {
            await _test.Containers.Attach.RunAsync(
                _test.Containers.PrepareAttach.Run(id, new AttachRequest { Stdout = true, Stream = true }), ours, [], CancellationToken.None);
            await _test.Containers.Remove.RunAsync(id, false, false, CancellationToken.None);
            Assert.True(ours.IsClosed);
        }
    }

    [Fact]
    public async Task Stop_sends_the_signal_and_kills_what_does_not_end()
    {
        _test.Monitors.IgnoresSignals = true;
        string id = await _test.CreateAsync(more: r => r with { StopSignal = "SIGQUIT" });
        await _test.StartAsync(id);
        await _test.Containers.Stop.RunAsync(id, null, 0, CancellationToken.None);
        Assert.Equal([3, 9], _test.Monitors.Latest(id).Signals);
        Assert.Equal(137, _test.Inspect(id).State.ExitCode);
        var again = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Stop.RunAsync(id, null, 0, CancellationToken.None));
        Assert.Equal(ErrorKind.NotModified, again.Kind);
        Assert.Equal(["create", "start", "kill", "kill", "die", "stop"], _test.Actions());
    }

    [Fact]
    public async Task What_has_ended_unseen_cannot_be_paused_and_is_updated_for_its_next_start()
    {
        // No monitor has told of an end, but there is no cgroup.
        string id = await _test.RunAsync(name: "web");
        var pause = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Pause.RunAsync("web", CancellationToken.None));
        Assert.Equal((ErrorKind.Conflict, $"container {id} is not running"), (pause.Kind, pause.Message));
        await _test.Containers.Update.RunAsync("web", new ContainerUpdateRequest { Memory = 64 << 20, MemorySwap = -1 }, CancellationToken.None);
        Assert.Equal(64 << 20, _test.Store.Get(id).Record.HostConfig.Memory);
    }

    [Fact]
    public async Task What_does_not_run_cannot_be_killed_paused_or_executed_in()
    {
        string id = await _test.CreateAsync(name: "web");
        var kill = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Kill.RunAsync("web", null, CancellationToken.None));
        Assert.Equal((ErrorKind.Conflict, $"cannot kill container: web: container {id} is not running"), (kill.Kind, kill.Message));
        var unknown = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Kill.RunAsync("nosuch", null, CancellationToken.None));
        Assert.Equal((ErrorKind.NotFound, "cannot kill container: nosuch: No such container: nosuch"), (unknown.Kind, unknown.Message));
        var pause = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Pause.RunAsync("web", CancellationToken.None));
        Assert.Equal($"container {id} is not running", pause.Message);
    }

    [Fact]
    public async Task A_running_container_is_only_removed_by_force()
    {
        string id = await _test.RunAsync(name: "web");
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Remove.RunAsync("web", false, false, CancellationToken.None));
        Assert.Equal("cannot remove container \"web\": container is running: stop the container before removing or force remove", error.Message);
        await _test.Containers.Remove.RunAsync("web", true, false, CancellationToken.None);
        Assert.Empty(_test.Store.All);
        Assert.Equal([9], _test.Monitors.Latest(id).Signals);
    }

    [Fact]
    public async Task A_removal_that_fails_leaves_a_dead_container_that_can_be_removed_again()
    {
        string id = await _test.CreateAsync();
        _test.Snapshots.RemoveFailure = new IOException("busy");
        await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Remove.RunAsync(id, false, false, CancellationToken.None));
        Assert.Equal("dead", _test.Status(id));
        _test.Snapshots.RemoveFailure = null;
        await _test.Containers.Remove.RunAsync(id, false, false, CancellationToken.None);
        Assert.Empty(_test.Store.All);
    }

    [Fact]
    public async Task The_restart_policy_starts_again_until_a_person_stops()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        _test.Monitors.Latest(id).Exit(1);
        await TestEngine.EventuallyAsync(() => _test.Monitors.Launched[id].Count == 2 && _test.Status(id) == "running");
        Assert.Equal(1, _test.Inspect(id).RestartCount);
        await _test.Containers.Stop.RunAsync(id, null, 1, CancellationToken.None);
        await _test.QuietAsync();
        Assert.Equal("exited", _test.Status(id));
        Assert.Equal(2, _test.Monitors.Launched[id].Count);
    }

    [Fact]
    public async Task A_restart_that_is_waited_for_can_be_called_off()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        // As if it had failed often already: the next wait is a long one.
        var container = _test.Store.Get(id);
        using (var often = new CancellationTokenSource())
        using (await container.EnterAsync(CancellationToken.None))
            container.BeginRestartWait(TimeSpan.FromSeconds(50), often);
        _test.Monitors.Latest(id).Exit(1);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "restarting");
        await _test.Containers.Stop.RunAsync(id, null, 1, CancellationToken.None);
        await _test.QuietAsync();
        Assert.Equal("exited", _test.Status(id));
        Assert.Single(_test.Monitors.Launched[id]);
    }

    [Fact]
    public async Task On_failure_gives_up_after_the_count()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "on-failure", MaximumRetryCount = 1 } });
        _test.Monitors.Latest(id).Exit(1);
        await TestEngine.EventuallyAsync(() => _test.Monitors.Launched[id].Count == 2 && _test.Status(id) == "running");
        _test.Monitors.Latest(id).Exit(1);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "exited");
        await _test.QuietAsync();
        Assert.Equal(2, _test.Monitors.Launched[id].Count);
    }

    [Fact]
    public async Task A_restart_by_hand_keeps_a_container_made_with_rm()
    {
        string id = await _test.RunAsync(new HostConfig { AutoRemove = true });
        await _test.Containers.Restart.RunAsync(id, null, 1, CancellationToken.None);
        Assert.Equal("running", _test.Status(id));
        Assert.Equal(["create", "start", "kill", "die", "stop", "start", "restart"], _test.Actions());
    }

    [Fact]
    public async Task A_monitor_that_vanishes_ends_the_container()
    {
        string id = await _test.RunAsync();
        var wait = _test.WaitAsync(id, WaitCondition.NotRunning);
        _test.Monitors.Latest(id).Vanish();
        Assert.Equal(255, (await wait).ExitCode);
        Assert.Equal("exited", _test.Status(id));
    }

    [Fact]
    public async Task Waiting_for_what_does_not_run_ends_at_once()
    {
        string id = await _test.CreateAsync();
        Assert.Equal(0, (await _test.WaitAsync(id, WaitCondition.NotRunning)).ExitCode);
        var next = _test.WaitAsync(id, WaitCondition.NextExit);
        await Task.Delay(20);
        Assert.False(next.IsCompleted);
        await _test.Containers.Remove.RunAsync(id, false, false, CancellationToken.None);
        await next;
    }

    [Fact]
    public async Task Ended_by_lack_of_memory()
    {
        string id = await _test.RunAsync();
        _test.Monitors.Latest(id).Exit(137, oom: true);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "exited");
        Assert.True(_test.Inspect(id).State.OOMKilled);
        Assert.Equal(["create", "start", "oom", "die"], await _test.ActionsUntilAsync("die"));
    }

    [Fact]
    public async Task Lists()
    {
        string running = await _test.RunAsync(name: "one");
        string ended = await _test.CreateAsync(name: "two", more: r => r with { Labels = new() { ["k"] = "v" } });
        Assert.Equal([running], List(new ListContainersRequest()));
        Assert.Equal([ended, running], List(new ListContainersRequest { All = true }));
        Assert.Equal([ended], List(new ListContainersRequest { Limit = 1 }));
        Assert.Equal([ended], List(With("status", "created")));
        Assert.Equal([ended], List(With("label", "k=v") with { All = true }));
        Assert.Equal([running], List(With("name", "^on") with { All = true }));
        Assert.Equal([running], List(With("before", "two") with { All = true }));
        Assert.Equal([ended], List(With("since", "one") with { All = true }));
        Assert.Equal([running], List(With("ancestor", "busybox")));
        Assert.Empty(List(With("ancestor", "nosuch")));
        Assert.Throws<EngineException>(() => List(With("colour", "red")));

        ListContainersRequest With(string name, string value) => new() { Filters = FilterSet.Empty.With(name, value) };
        List<string> List(ListContainersRequest request) => [.. _test.Containers.List.Run(request).Select(c => c.Id)];
    }

    [Fact]
    public async Task A_monitor_launched_with_the_container_is_used_once_and_ends_when_no_start_comes()
    {
        string started = await _test.RunAsync();
        Assert.Single(_test.Monitors.Launched[started]);
        _test.EarlyMonitorLimit = TimeSpan.FromMilliseconds(1);
        string idle = await _test.CreateAsync();
        await TestEngine.EventuallyAsync(() => _test.Monitors.Disposed.Contains(idle));
        await _test.StartAsync(idle);
        Assert.Equal(2, _test.Monitors.Launched[idle].Count);
        Assert.Equal("running", _test.Status(idle));
        Assert.DoesNotContain(started, _test.Monitors.Disposed);
    }

    [Fact]
    public async Task Prune_removes_what_does_not_run()
    {
        string running = await _test.RunAsync();
        string ended = await _test.CreateAsync();
        _test.Snapshots.Write(ended, "written", "1234567");
        var report = await _test.Containers.Prune.RunAsync(FilterSet.Empty, CancellationToken.None);
        Assert.Equal([ended], report.ContainersDeleted!);
        Assert.Equal(7UL, report.SpaceReclaimed);
        Assert.Equal("running", _test.Status(running));
    }
}
