using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Monitors;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Monitor.Protocol;
using Hafen.Networking;

namespace Hafen.Engine.Tests.Reconcile;

public sealed class ReconcileTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task A_container_that_runs_goes_on_running()
    {
        string id = await _test.RunAsync(new HostConfig { NetworkMode = "bridge" }, "web");
        FakeMonitor? survivor = null;
        await _test.CrashAndOpenAsync(monitors => monitors.Surviving[id] = survivor = new FakeMonitor(monitors, id));
        Assert.Equal("running", _test.Status("web"));
        Assert.Equal("10.1.0.2", Assert.Single(Assert.Single(_test.Networks.Restored!).Endpoints).Address);
        var wait = _test.WaitAsync(id, WaitCondition.NotRunning);
        survivor!.Exit(5);
        Assert.Equal(5, (await wait).ExitCode);
    }

    [Fact]
    public async Task A_container_that_ended_meanwhile_has_the_code_the_monitor_left()
    {
        string id = await _test.RunAsync();
        await _test.CrashAndOpenAsync(monitors => monitors.Exits[id] = new MonitorExited { ExitCode = 42, OomKilled = false, FinishedAt = DateTimeOffset.UtcNow });
        Assert.Equal(("exited", 42), (_test.Status(id), _test.Inspect(id).State.ExitCode));
        Assert.Empty(_test.Networks.Restored!);
    }

    [Fact]
    public async Task A_container_whose_monitor_hangs_goes_on_running_and_is_heard_of_later()
    {
        string id = await _test.RunAsync(name: "web");
        FakeMonitor? survivor = null;
        await _test.CrashAndOpenAsync(monitors => monitors.Surviving[id] = survivor = new FakeMonitor(monitors, id) { Hangs = true });
        Assert.Equal("running", _test.Status("web"));
        string exec = new('e', 64);
        var asked = _test.Execs.Inspect.RunAsync(exec, CancellationToken.None);
        Assert.False(asked.IsCompleted);
        survivor!.Hangs = false;
        survivor.Publish(new MonitorGreeted(survivor.Greeting! with { Execs = [new MonitorExecState(exec, 77)] }, Again: false));
        await asked;
        Assert.Equal((true, 77), (_test.InspectExec(exec).Running, _test.InspectExec(exec).Pid));
    }

    [Fact]
    public async Task Not_to_know_whether_a_monitor_is_there_is_no_end()
    {
        string id = await _test.RunAsync(name: "web");
        FakeMonitor? survivor = null;
        await _test.CrashAndOpenAsync(monitors =>
        {
            monitors.FindFailures = 1;
            monitors.Surviving[id] = survivor = new FakeMonitor(monitors, id);
        });
        Assert.Equal("running", _test.Status("web"));
        var wait = _test.WaitAsync(id, WaitCondition.NotRunning);
        await TestEngine.EventuallyAsync(() => _test.Store.Get(id).Monitor == survivor);
        survivor!.Exit(3);
        Assert.Equal(3, (await wait).ExitCode);
    }

    [Fact]
    public async Task An_odd_container_keeps_neither_the_daemon_nor_the_others_from_starting()
    {
        string odd = await _test.RunAsync(name: "odd"), plain = await _test.RunAsync(name: "plain");
        FakeMonitor? survivor = null;
        await _test.CrashAndOpenAsync(monitors =>
        {
            monitors.ReadExitFailure = (odd, new InvalidOperationException("odd"));
            monitors.Surviving[plain] = survivor = new FakeMonitor(monitors, plain);
        });
        Assert.Equal(("running", "running"), (_test.Status(odd), _test.Status(plain)));
        Assert.Same(survivor, _test.Store.Get(plain).Monitor);
        // Once what is odd is over, its end is found.
        _test.Monitors.ReadExitFailure = null;
        Assert.Equal(255, (await _test.WaitAsync(odd, WaitCondition.NotRunning)).ExitCode);
    }

    [Fact]
    public async Task What_goes_wrong_with_one_event_keeps_no_other_from_being_heard()
    {
        string id = await _test.RunAsync(name: "web");
        var monitor = _test.Monitors.Latest(id);
        monitor.Publish(new MonitorGreeted(monitor.Greeting! with { Execs = null! }, Again: true));
        var wait = _test.WaitAsync(id, WaitCondition.NotRunning);
        monitor.Exit(6);
        Assert.Equal(6, (await wait).ExitCode);
        Assert.Contains(_test.Log.Entries, entry => entry.Text.Contains("deal with MonitorGreeted", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_monitor_of_a_start_that_was_cut_off_is_ended_and_the_daemon_does_not_wait_for_it()
    {
        string id = await _test.CreateAsync(name: "web");
        FakeMonitor? stray = null;
        Directory.CreateDirectory(Path.Combine(_test.RunRoot, "containers", id));
        await _test.CrashAndOpenAsync(monitors => monitors.Surviving[id] = stray = new FakeMonitor(monitors, id) { Hangs = true });
        await TestEngine.EventuallyAsync(() => _test.Monitors.StatesRemoved.Contains(id));
        Assert.True(stray!.Killed);
        await _test.StartAsync(id);
        Assert.Equal("running", _test.Status("web"));
    }

    [Fact]
    public async Task After_a_reboot_nothing_is_believed_to_run()
    {
        string plain = await _test.RunAsync();
        string always = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        string removed = await _test.RunAsync(new HostConfig { AutoRemove = true });
        _test.Host = FakeHost.Facts with { BootId = "next-boot" };
        // A pid file of the last boot could name anything now.
        await _test.CrashAndOpenAsync(monitors => monitors.Surviving[plain] = new FakeMonitor(monitors, plain));
        Assert.Equal(("exited", 255), (_test.Status(plain), _test.Inspect(plain).State.ExitCode));
        await TestEngine.EventuallyAsync(() => _test.Status(always) == "running");
        Assert.DoesNotContain(_test.Store.All, c => c.Id == removed);
    }

    [Fact]
    public async Task What_a_person_stopped_stays_stopped_unless_it_is_always()
    {
        string always = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        string unless = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "unless-stopped" } });
        await _test.Containers.Stop.RunAsync(always, null, 1, CancellationToken.None);
        await _test.Containers.Stop.RunAsync(unless, null, 1, CancellationToken.None);
        await _test.CrashAndOpenAsync();
        await TestEngine.EventuallyAsync(() => _test.Status(always) == "running");
        Assert.Equal("exited", _test.Status(unless));
    }

    [Fact]
    public async Task Leftovers_go_and_never_stop_the_start()
    {
        string id = await _test.CreateAsync(name: "web");
        string orphan = new('a', 64);
        _test.Snapshots.Existing.Add(orphan);
        Directory.CreateDirectory(Path.Combine(_test.RunRoot, "containers", orphan));
        string broken = Path.Combine(_test.Store.Root, new string('b', 64));
        Directory.CreateDirectory(broken);
        File.WriteAllText(Path.Combine(broken, "container.json"), "{ half");
        await _test.CrashAndOpenAsync();
        Assert.Equal([id], _test.Snapshots.Existing);
        Assert.Contains(orphan, _test.Monitors.StatesRemoved);
        Assert.False(Directory.Exists(broken));
        Assert.Equal("created", _test.Status("web"));
    }

    [Fact]
    public async Task A_record_that_is_whole_but_not_understood_is_left_alone()
    {
        string newer = new('c', 64);
        string folder = Path.Combine(_test.Store.Root, newer);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "container.json"), "{\"Version\":99}");
        _test.Snapshots.Existing.Add(newer);
        await _test.CrashAndOpenAsync();
        Assert.True(Directory.Exists(folder));
        Assert.Contains(newer, _test.Snapshots.Existing);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{ half")]
    [InlineData("\0\0\0\0")]
    public async Task A_container_that_has_run_is_left_alone_when_its_record_is_damaged(string damage)
    {
        string id = await _test.RunAsync(name: "web");
        string folder = _test.Store.FolderOf(id);
        File.WriteAllText(Path.Combine(folder, "container.json"), damage);
        File.WriteAllText(Path.Combine(folder, "state.json"), damage);
        File.WriteAllText(Path.Combine(folder, $"{id}-json.log"), "");
        FakeMonitor? survivor = null;
        await _test.CrashAndOpenAsync(monitors => monitors.Surviving[id] = survivor = new FakeMonitor(monitors, id));
        Assert.True(Directory.Exists(folder));
        Assert.Contains(id, _test.Snapshots.Existing);
        Assert.False(survivor!.Killed);
        Assert.DoesNotContain(_test.Store.All, c => c.Id == id);
    }

    [Fact]
    public async Task A_removal_that_was_cut_off_goes_on_and_what_is_no_container_stays()
    {
        string removed = Path.Combine(_test.Store.Root, new string('d', 64)), other = Path.Combine(_test.Store.Root, "lost+found");
        Directory.CreateDirectory(removed);
        Directory.CreateDirectory(other);
        File.WriteAllText(Path.Combine(removed, "hosts"), "");
        await _test.CrashAndOpenAsync();
        Assert.False(Directory.Exists(removed));
        Assert.True(Directory.Exists(other));
    }

    [Fact]
    public async Task Processes_of_others_below_the_same_cgroup_are_not_killed()
    {
        string id = Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        var hierarchy = Hafen.Linux.Cgroups.CgroupHierarchies.Detect().All.First(h => h.Controllers.Contains("pids"));
        string folder = $"{hierarchy.MountPoint}{_test.Engine.Options.Value.CgroupParent}/{id}";
        Directory.CreateDirectory(folder);
        using var process = System.Diagnostics.Process.Start("sleep", "100");
        try
        {
            File.WriteAllText(Path.Combine(folder, "cgroup.procs"), process.Id.ToString());
            await _test.CrashAndOpenAsync();
            Assert.False(process.WaitForExit(200));

            // A snapshot of that name makes it one of ours.
            _test.Snapshots.Existing.Add(id);
            await _test.CrashAndOpenAsync();
            Assert.True(process.WaitForExit(10_000));
            Assert.False(Directory.Exists(folder));
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            process.WaitForExit();
            if (Directory.Exists(folder))
                Directory.Delete(folder);
            string parent = Path.GetDirectoryName(folder)!;
            if (Directory.GetDirectories(parent).Length == 0)
                Directory.Delete(parent);
        }
    }

    [Fact]
    public async Task A_bridge_that_fails_is_told_of_and_stops_nothing()
    {
        string id = await _test.RunAsync();
        await _test.CrashAndOpenAsync(
            monitors => monitors.Surviving[id] = new FakeMonitor(monitors, id),
            networks => networks.OpenFailure = new NetworkException(ErrorKind.System, "the kernel has no bridges"));
        Assert.Equal("running", _test.Status(id));
        Assert.Equal(["the default bridge does not work: the kernel has no bridges"], _test.Engine.Warnings.All);
    }

    [Fact]
    public async Task Networks_that_the_operator_set_wrong_are_refused()
        => await Assert.ThrowsAsync<NetworkException>(() => _test.CrashAndOpenAsync(
            networks: networks => networks.OpenFailure = new NetworkException(ErrorKind.InvalidParameter, "bip x")));

    [Fact]
    public async Task What_the_networks_warn_of_can_be_asked_for()
    {
        await _test.CrashAndOpenAsync(networks: networks => networks.Warnings = ["the firewall drops"]);
        Assert.Equal(["the firewall drops"], _test.Engine.Warnings.All);
    }

    [Fact]
    public async Task A_half_written_state_is_an_unknown_end()
    {
        string id = await _test.RunAsync();
        File.WriteAllText(Path.Combine(_test.Store.FolderOf(id), "state.json"), "{");
        await _test.CrashAndOpenAsync();
        Assert.Equal(("exited", 255), (_test.Status(id), _test.Inspect(id).State.ExitCode));
    }

    [Fact]
    public async Task Everything_a_request_said_survives()
    {
        string id = await _test.CreateAsync(
            new HostConfig { Memory = 8 << 20, CapAdd = ["NET_ADMIN"], Binds = ["/tmp:/t:ro"], MaskedPaths = [] },
            "web",
            r => r with { Env = ["A=1"], Labels = new() { ["k"] = "v" }, StopTimeout = 3, Cmd = ["ls"] });
        var before = _test.Inspect(id);
        await _test.CrashAndOpenAsync();
        var after = _test.Inspect(id);
        Assert.Equal(
            System.Text.Json.JsonSerializer.Serialize(before, ApiJson.Default.ContainerInspect),
            System.Text.Json.JsonSerializer.Serialize(after, ApiJson.Default.ContainerInspect));
    }
}
