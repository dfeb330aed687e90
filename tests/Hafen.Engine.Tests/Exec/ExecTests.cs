using Hafen.Api;
using Hafen.Engine.Exec;
using Hafen.Engine.Tests.Fakes;
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
        string exec = _test.Engine.CreateExecOf(id, new ExecCreateRequest { Cmd = ["ls", "-l"], AttachStdout = true, Env = ["A=1"], WorkingDir = "/tmp" });
        await StartAsync(exec);
        var inspect = _test.Engine.InspectExecOf(exec);
        Assert.Equal((true, null, 4242), (inspect.Running, inspect.ExitCode, inspect.Pid));
        var (_, process) = Assert.Single(_test.Monitors.Execs);
        Assert.Equal("/tmp", process.Cwd);
        Assert.Contains("A=1", process.Env!);

        _test.Monitors.Latest(id).Tell(new MonitorExecExited { ExecId = exec, ExitCode = 3 });
        await TestEngine.EventuallyAsync(() => _test.Engine.InspectExecOf(exec).ExitCode == 3);
        var again = await Assert.ThrowsAsync<EngineException>(() => StartAsync(exec));
        Assert.Equal(EngineErrorKind.Conflict, again.Kind);
        Assert.Equal(["create", "start", "exec_create: ls -l", "exec_start: ls -l", "exec_die"], await _test.ActionsUntilAsync("exec_die"));
    }

    [Fact]
    public async Task A_missing_command_gives_127()
    {
        string id = await _test.RunAsync();
        _test.Monitors.ExecFailure = new MonitorFailure(MonitorFailureKind.CommandNotFound, 0, "exec", "exec: \"x\": executable file not found in $PATH");
        string exec = _test.Engine.CreateExecOf(id, new ExecCreateRequest { Cmd = ["x"] });
        var error = await Assert.ThrowsAsync<EngineException>(() => StartAsync(exec));
        Assert.Equal(
            "OCI runtime exec failed: exec failed: unable to start container process: exec: \"x\": executable file not found in $PATH: unknown", error.Message);
        Assert.Equal(127, _test.Engine.InspectExecOf(exec).ExitCode);
    }

    [Fact]
    public async Task Execs_end_and_are_forgotten_with_their_container()
    {
        string id = await _test.RunAsync();
        string exec = _test.Engine.CreateExecOf(id, new ExecCreateRequest { Cmd = ["x"] });
        await StartAsync(exec);
        _test.Monitors.Latest(id).Exit(0);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "exited");
        var error = Assert.Throws<EngineException>(() => _test.Engine.InspectExecOf(exec));
        Assert.Equal($"No such exec instance: {exec}", error.Message);
    }

    [Fact]
    public async Task Requests_that_make_no_sense()
    {
        string id = await _test.CreateAsync();
        var stopped = Assert.Throws<EngineException>(() => _test.Engine.CreateExecOf(id, new ExecCreateRequest { Cmd = ["x"] }));
        Assert.Equal((EngineErrorKind.Conflict, $"container {id} is not running"), (stopped.Kind, stopped.Message));
        await _test.StartAsync(id);
        Assert.Equal("No exec command specified", Assert.Throws<EngineException>(() => _test.Engine.CreateExecOf(id, new ExecCreateRequest())).Message);
        var user = Assert.Throws<EngineException>(() => _test.Engine.CreateExecOf(id, new ExecCreateRequest { Cmd = ["x"], User = "no-such-user-here" }));
        Assert.Equal("unable to find user no-such-user-here: no matching entries in passwd file", user.Message);
    }

    private Task StartAsync(string exec)
        => _test.Engine.StartExecAsync(_test.Engine.PrepareExecStart(exec, new ExecStartRequest { Detach = true }), null, [], CancellationToken.None);
}
