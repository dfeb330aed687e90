using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Exec;

public sealed class ExecTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task Create_start_end()
    {
        string id = await _test.RunAsync();
        string exec = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["ls", "-l"], AttachStdout = true, Env = ["A=1"], WorkingDir = "/tmp" });
        await StartAsync(exec);
        var inspect = _test.InspectExec(exec);
        Assert.Equal((true, null, 4242), (inspect.Running, inspect.ExitCode, inspect.Pid));
        var (_, process) = Assert.Single(_test.Monitors.Execs);
        Assert.Equal("/tmp", process.Cwd);
        Assert.Contains("A=1", process.Env!);

        _test.Monitors.Latest(id).Publish(new MonitorExecExited { ExecId = exec, ExitCode = 3 });
        await TestEngine.EventuallyAsync(() => _test.InspectExec(exec).ExitCode == 3);
        var again = await Assert.ThrowsAsync<EngineException>(() => StartAsync(exec));
        Assert.Equal(ErrorKind.Conflict, again.Kind);
        Assert.Equal(["create", "start", "exec_create: ls -l", "exec_start: ls -l", "exec_die"], await _test.ActionsUntilAsync("exec_die"));
    }

    [Fact]
    public async Task A_missing_command_gives_127()
    {
        string id = await _test.RunAsync();
        _test.Monitors.ExecFailure = new Failure(ErrorKind.CommandNotFound, 0, "exec", "exec: \"x\": executable file not found in $PATH");
        string exec = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        var error = await Assert.ThrowsAsync<EngineException>(() => StartAsync(exec));
        Assert.Equal(
            "OCI runtime exec failed: exec failed: unable to start container process: exec: \"x\": executable file not found in $PATH: unknown", error.Message);
        Assert.Equal(127, _test.InspectExec(exec).ExitCode);
    }

    [Fact]
    public async Task Execs_end_with_their_container_and_their_clients_are_told_how()
    {
        string id = await _test.RunAsync(new HostConfig { AutoRemove = true });
        string exec = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        await StartAsync(exec);
        var removal = _test.WaitAsync(id, WaitCondition.Removed);
        _test.Monitors.Latest(id).Exit(0);
        await removal;
        var inspect = _test.InspectExec(exec);
        Assert.Equal((false, 137), (inspect.Running, inspect.ExitCode));
    }

    [Fact]
    public async Task Execs_are_forgotten_some_time_after_their_end()
    {
        string id = await _test.RunAsync();
        string ended = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        string running = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        string waiting = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        await StartAsync(ended);
        await StartAsync(running);
        _test.Monitors.Latest(id).Publish(new MonitorExecExited { ExecId = ended, ExitCode = 0 });
        await TestEngine.EventuallyAsync(() => _test.InspectExec(ended).ExitCode == 0);
        Assert.DoesNotContain(ended, _test.Store.Get(id).Run!.Execs.Keys);

        _test.Engine.ExecTable.Sweep(Environment.TickCount64);
        Assert.Equal(3, _test.Engine.ExecTable.Count);
        _test.Engine.ExecTable.Sweep(Environment.TickCount64 + 301_000);
        Assert.Equal($"No such exec instance: {ended}", Assert.Throws<EngineException>(() => _test.InspectExec(ended)).Message);
        Assert.True(_test.InspectExec(running).Running);
        Assert.Null(_test.InspectExec(waiting).ExitCode);
    }

    [Fact]
    public async Task An_exec_that_could_not_start_is_not_the_containers_any_more()
    {
        string id = await _test.RunAsync();
        _test.Monitors.ExecFailure = new Failure(ErrorKind.CommandNotFound, 0, "exec", "not found");
        string exec = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        await Assert.ThrowsAsync<EngineException>(() => StartAsync(exec));
        Assert.Empty(_test.Store.Get(id).Run!.Execs);
        Assert.Equal(127, _test.InspectExec(exec).ExitCode);
    }

    [Fact]
    public async Task Execs_belong_to_a_run_and_to_a_container()
    {
        string id = await _test.RunAsync();
        string waiting = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        string ended = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] });
        await StartAsync(ended);
        _test.Monitors.Latest(id).Publish(new MonitorExecExited { ExecId = ended, ExitCode = 3 });
        await TestEngine.EventuallyAsync(() => _test.InspectExec(ended).ExitCode == 3);
        var held = _test.Execs.PrepareStart.Run(waiting, new ExecStartRequest { Detach = true });
        await _test.Containers.Stop.RunAsync(id, null, 1, CancellationToken.None);
        await _test.StartAsync(id);

        // One that was not started is gone with its run; one that has ended can be asked about until its container is gone.
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<EngineException>(() => StartAsync(waiting))).Kind);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<EngineException>(() => _test.InspectExec(waiting)).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<EngineException>(
            () => _test.Execs.Start.RunAsync(held, null, [], CancellationToken.None))).Kind);
        Assert.Equal(3, _test.InspectExec(ended).ExitCode);
        await _test.Containers.Remove.RunAsync(id, force: true, removeVolumes: false, CancellationToken.None);
        Assert.Equal(ErrorKind.NotFound, Assert.Throws<EngineException>(() => _test.InspectExec(ended)).Kind);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<EngineException>(() => StartAsync(ended))).Kind);
    }

    [Fact]
    public async Task An_exec_has_the_containers_limits()
    {
        string id = await _test.RunAsync(new HostConfig { Ulimits = [new Ulimit { Name = "nofile", Soft = 100, Hard = -1 }] });
        await StartAsync(_test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] }));
        var limit = Assert.Single(Assert.Single(_test.Monitors.Execs).Process.Rlimits!);
        Assert.Equal(("RLIMIT_NOFILE", 100UL, ulong.MaxValue), (limit.Type, limit.Soft, limit.Hard));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task The_start_decides_on_frames_and_the_creation_on_the_terminal(bool create, bool start)
    {
        string id = await _test.RunAsync();
        string exec = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"], Tty = create, ConsoleSize = create ? [3, 4] : null });
        var prepared = _test.Execs.PrepareStart.Run(exec, new ExecStartRequest { Tty = start, ConsoleSize = [1, 2] });
        Assert.Equal(!start, prepared.Multiplexed);
        await _test.Execs.Start.RunAsync(prepared, null, [], CancellationToken.None);
        var process = Assert.Single(_test.Monitors.Execs).Process;
        Assert.Equal(create, process.Terminal);
        // A size that comes without a terminal is none.
        Assert.Equal(create ? (uint?)3 : null, process.ConsoleSize?.Height);
    }

    [Fact]
    public async Task Requests_that_make_no_sense()
    {
        string id = await _test.CreateAsync();
        var stopped = Assert.Throws<EngineException>(() => _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"] }));
        Assert.Equal((ErrorKind.Conflict, $"container {id} is not running"), (stopped.Kind, stopped.Message));
        await _test.StartAsync(id);
        Assert.Equal("No exec command specified", Assert.Throws<EngineException>(() => _test.CreateExec(id, new ExecCreateRequest())).Message);
        var user = Assert.Throws<EngineException>(() => _test.CreateExec(id, new ExecCreateRequest { Cmd = ["x"], User = "no-such-user-here" }));
        Assert.Equal("unable to find user no-such-user-here: no matching entries in passwd file", user.Message);
    }

    private Task StartAsync(string exec)
        => _test.Execs.Start.RunAsync(_test.Execs.PrepareStart.Run(exec, new ExecStartRequest { Detach = true }), null, [], CancellationToken.None);
}
