using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Containers;

/// <summary>What happens when two things happen to one container at a time, or when its monitor is lost.</summary>
public sealed class RaceTests : IAsyncLifetime
{
    private static readonly RestartPolicy s_always = new() { Name = "always" };

    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task A_start_waits_for_the_end_of_the_early_monitor_because_both_use_one_folder()
    {
        _test.Monitors.DisposeGate = Gate();
        _test.EarlyMonitorLimit = TimeSpan.FromMilliseconds(1);
        string id = await _test.CreateAsync();
        await TestEngine.EventuallyAsync(() => _test.Monitors.Disposed.Contains(id));
        var start = _test.StartAsync(id);
        await Task.Delay(100);
        Assert.Equal(["launch"], _test.Monitors.Story);
        _test.Monitors.DisposeGate.SetResult();
        await start;
        Assert.Equal(["launch", "remove", "launch"], _test.Monitors.Story);
        Assert.Equal("running", _test.Status(id));
    }

    [Fact]
    public async Task A_container_can_be_found_when_it_is_whole_and_started_once()
    {
        for (int i = 0; i < 50; i++)
        {
            string name = $"racer{i}";
            using var stop = new CancellationTokenSource();
            bool whole = true;
            var starts = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
            {
                Container? container;
                while (!_test.Store.TryGet(name, out container))
                {
                    if (stop.IsCancellationRequested)
                        return;
                }
                if (container.Early is null)
                    whole = false;
                try
                {
                    await _test.StartAsync(name);
                }
                catch (EngineException exception) when (exception.Kind == ErrorKind.NotModified)
                {
                    // The other one was faster.
                }
            })).ToArray();
            string id = await _test.CreateAsync(name: name);
            await Task.WhenAll(starts);
            await stop.CancelAsync();
            Assert.True(whole || _test.Status(id) == "running");
            Assert.Single(_test.Monitors.Launched[id]);
        }
        Assert.All(_test.Actions().Chunk(2), pair => Assert.Equal(["create", "start"], pair));
    }

    [Theory]
    [InlineData(null, "failed to set up container networking: no device")]
    [InlineData("no such mount", "failed to create task for container: failed to create shim task: OCI runtime create failed: unable to start container process: no such mount: unknown")]
    public async Task A_container_without_its_network_never_runs_and_init_tells_its_own_reason(string? initFailure, string expected)
    {
        bool executed = false;
        _test.Monitors.Executed = () => executed = true;
        string id = await _test.CreateAsync(new HostConfig { NetworkMode = "bridge" });
        if (initFailure is not null)
            _test.Monitors.InitFailure = new Failure(ErrorKind.System, 19, "mount", initFailure);
        else
            _test.Networks.ConnectFailure = new Networking.NetworkException(ErrorKind.System, "no device");
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id));
        Assert.Equal(expected, error.Message);
        Assert.False(executed);
        Assert.Equal("created", _test.Status(id));
    }

    [Fact]
    public async Task A_forced_removal_also_removes_what_is_just_being_started()
    {
        _test.Monitors.StartGate = Gate();
        string id = await _test.CreateAsync();
        var start = _test.StartAsync(id);
        var removal = _test.Containers.Remove.RunAsync(id, force: true, removeVolumes: false, CancellationToken.None);
        await Task.Delay(50);
        Assert.False(removal.IsCompleted);
        _test.Monitors.StartGate.SetResult();
        await start;
        await removal.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(_test.Store.All);
        Assert.Contains(9, _test.Monitors.Latest(id).Signals);
    }

    [Fact]
    public async Task Who_sees_the_process_at_work_before_its_start_is_over_finds_a_container_that_runs()
    {
        _test.Monitors.StartGate = Gate();
        _test.Monitors.IgnoresSignals = true;
        string id = await _test.CreateAsync();
        var start = _test.StartAsync(id);
        await TestEngine.EventuallyAsync(() => _test.Store.Get(id).Starting is not null);
        Task[] wishes =
        [
            _test.Containers.Kill.RunAsync(id, "USR1", CancellationToken.None),
            _test.Containers.Resize.RunAsync(id, 24, 80, CancellationToken.None),
            _test.Containers.Top.RunAsync(id, null, CancellationToken.None),
            _test.Execs.Create.RunAsync(id, new ExecCreateRequest { Cmd = ["x"] }, CancellationToken.None),
        ];
        Assert.All(wishes, wish => Assert.False(wish.IsCompleted));
        _test.Monitors.StartGate.SetResult();
        await start;
        await Task.WhenAll(wishes);
        Assert.Equal([10], _test.Monitors.Latest(id).Signals);
    }

    [Fact]
    public async Task A_removal_without_force_is_refused_by_what_has_just_been_started()
    {
        _test.Monitors.StartGate = Gate();
        string id = await _test.CreateAsync(name: "web");
        var start = _test.StartAsync(id);
        var removal = _test.Containers.Remove.RunAsync("web", force: false, removeVolumes: false, CancellationToken.None);
        _test.Monitors.StartGate.SetResult();
        await start;
        var error = await Assert.ThrowsAsync<EngineException>(() => removal);
        Assert.Equal("cannot remove container \"web\": container is running: stop the container before removing or force remove", error.Message);
    }

    [Fact]
    public async Task Who_waits_for_a_container_whose_restart_fails_is_told()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = s_always });
        _test.Monitors.StartFailure = new Failure(ErrorKind.System, 0, "mount", "no space left");
        _test.Monitors.StartGate = Gate();
        _test.Monitors.Latest(id).Exit(1);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "restarting");
        var waiting = _test.WaitAsync(id, WaitCondition.NotRunning);
        _test.Monitors.StartGate.SetResult();
        var result = await waiting;
        Assert.Equal(128, result.ExitCode);
        Assert.Contains("no space left", result.Error, StringComparison.Ordinal);
        Assert.Equal("exited", _test.Status(id));
    }

    [Fact]
    public async Task A_stop_may_be_given_any_number_of_seconds()
    {
        string id = await _test.RunAsync();
        await _test.Containers.Stop.RunAsync(id, null, int.MaxValue, CancellationToken.None);
        Assert.Equal("exited", _test.Status(id));
    }

    [Fact]
    public async Task Two_restarts_at_a_time_keep_a_container_made_with_rm()
    {
        string id = await _test.RunAsync(new HostConfig { AutoRemove = true });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => _test.Containers.Restart.RunAsync(id, null, 1, CancellationToken.None))));
        Assert.Equal("running", _test.Status(id));
    }

    [Fact]
    public async Task What_a_monitor_says_when_it_is_found_again_ends_execs_and_not_the_container()
    {
        string id = await _test.RunAsync();
        string exec = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["sleep"] });
        await _test.Execs.Start.RunAsync(_test.Execs.PrepareStart.Run(exec, new ExecStartRequest { Detach = true }), null, [], CancellationToken.None);
        var monitor = _test.Monitors.Latest(id);
        monitor.Publish(new MonitorGreeted(monitor.Greeting!, Again: true));
        await TestEngine.EventuallyAsync(() => _test.InspectExec(exec).ExitCode == 255);
        Assert.Equal("running", _test.Status(id));
        monitor.Exit(4);
        Assert.Equal(4, (await _test.WaitAsync(id, WaitCondition.NotRunning)).ExitCode);
    }

    [Fact]
    public async Task A_monitor_lost_during_the_start_gives_up_every_client_that_waits()
    {
        string id = await _test.CreateAsync();
        var pairs = Enumerable.Range(0, 3).Select(_ => StreamSocket.Pair()).ToList();
        foreach (var (ours, _) in pairs)
        {
            var attachment = _test.Containers.PrepareAttach.Run(id, new AttachRequest { Stdout = true, Stream = true });
            await _test.Containers.Attach.RunAsync(attachment, ours, [], CancellationToken.None);
        }
        _test.Monitors.AttachFailure = new IOException("lost");
        await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id));
        Assert.All(pairs, pair => Assert.True(pair.First.IsClosed));
        foreach (var (_, theirs) in pairs)
            theirs.Dispose();
    }

    [Fact]
    public async Task A_removal_that_a_crash_cut_off_is_finished_by_the_next_daemon()
    {
        string first = await _test.CreateAsync(new HostConfig { Binds = ["/anonymous"] });
        string state = "";
        _test.Snapshots.Removing = () => state = File.ReadAllText(Path.Combine(_test.Store.FolderOf(first), "state.json"));
        await _test.Containers.Remove.RunAsync(first, force: false, removeVolumes: true, CancellationToken.None);
        _test.Snapshots.Removing = null;

        // What lay on the disk then lies there now, of another container whose snapshot is gone already.
        string second = await _test.CreateAsync(new HostConfig { Binds = ["/anonymous"] });
        Assert.Single(_test.Volumes.Volumes);
        File.WriteAllText(Path.Combine(_test.Store.FolderOf(second), "state.json"), state);
        _test.Snapshots.Existing.Clear();
        await _test.CrashAndOpenAsync();
        Assert.Empty(_test.Store.All);
        Assert.False(Directory.Exists(_test.Store.FolderOf(second)));
        Assert.Empty(_test.Volumes.Volumes);
    }

    [Fact]
    public async Task Containers_stopped_with_the_daemon_are_started_by_the_next_one_as_their_policy_says()
    {
        string plain = await _test.RunAsync();
        string unless = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "unless-stopped" } });
        string removed = await _test.RunAsync(new HostConfig { AutoRemove = true });
        await _test.Engine.StopAll.RunAsync(15);
        Assert.Equal(("exited", "exited"), (_test.Status(plain), _test.Status(unless)));
        Assert.DoesNotContain(_test.Store.All, container => container.Id == removed);
        Assert.Equal([15], _test.Monitors.Latest(unless).Signals);

        await _test.CrashAndOpenAsync();
        await TestEngine.EventuallyAsync(() => _test.Status(unless) == "running");
        Assert.Equal("exited", _test.Status(plain));
    }

    [Theory]
    [InlineData(15, new[] { 10, 3 }, 15.0)]
    [InlineData(15, new[] { 10, 60 }, 65.0)]
    [InlineData(15, new int[0], 15.0)]
    [InlineData(-1, new[] { 10 }, null)]
    [InlineData(15, new[] { 10, -1 }, null)]
    [InlineData(15, new[] { int.MaxValue }, null)]
    public void The_daemons_end_waits_as_long_as_the_most_patient_container(int seconds, int[] timeouts, double? expected)
        => Assert.Equal(expected, StopAllContainers.Limit(seconds, timeouts)?.TotalSeconds);

    private static TaskCompletionSource Gate() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
