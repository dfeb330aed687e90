using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Exec;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Linux.Sockets;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Containers;

/// <summary>A monitor that hangs: its container counts as running, and nobody waits for it without a limit.</summary>
public sealed class HungMonitorTests : IAsyncLifetime
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task A_kill_ends_the_container_and_then_the_monitor()
    {
        string id = await HungAsync();
        var wait = _test.WaitAsync(id, WaitCondition.NotRunning);
        await _test.Containers.Kill.RunAsync(id, null, CancellationToken.None).WaitAsync(s_limit);
        Assert.True(_test.Monitors.Latest(id).Killed);
        Assert.Equal("exited", _test.Status(id));
        await wait;
    }

    [Fact]
    public async Task A_forced_removal_removes()
    {
        string id = await HungAsync();
        await _test.Containers.Remove.RunAsync(id, force: true, removeVolumes: false, CancellationToken.None).WaitAsync(s_limit);
        Assert.Empty(_test.Store.All);
    }

    [Fact]
    public async Task A_stop_and_a_restart_come_to_an_end()
    {
        string id = await HungAsync();
        await _test.Containers.Restart.RunAsync(id, null, 0, CancellationToken.None).WaitAsync(s_limit);
        Assert.Equal(("running", 2), (_test.Status(id), _test.Monitors.Launched[id].Count));
        _test.Monitors.Latest(id).Hangs = true;
        await _test.Containers.Stop.RunAsync(id, null, 0, CancellationToken.None).WaitAsync(s_limit);
        Assert.Equal("exited", _test.Status(id));
    }

    [Fact]
    public async Task What_needs_the_monitor_says_why_it_cannot_be()
    {
        string id = await HungAsync();
        string why = $"container {id} runs, but its monitor (process 4194305) cannot be reached: it does not answer; try again later";
        var attachment = _test.Containers.PrepareAttach.Run(id, new AttachRequest { Stdout = true, Stream = true });
        var error = await Assert.ThrowsAsync<EngineException>(() => attachment.RequireMonitorAsync(CancellationToken.None));
        Assert.Equal((ErrorKind.Unavailable, why), (error.Kind, error.Message));
        error = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Resize.RunAsync(id, 1, 1, CancellationToken.None));
        Assert.Equal((ErrorKind.Unavailable, why), (error.Kind, error.Message));
        string exec = _test.CreateExec(id, new ExecCreateRequest { Cmd = ["true"] });
        error = await Assert.ThrowsAsync<EngineException>(
            () => _test.Execs.Start.RunAsync(_test.Execs.PrepareStart.Run(exec, new ExecStartRequest { Detach = true }), null, [], CancellationToken.None));
        Assert.Equal((ErrorKind.Unavailable, why), (error.Kind, error.Message));
        Assert.Equal("running", _test.Status(id));

        // It goes on.
        _test.Monitors.Latest(id).Hangs = false;
        await attachment.RequireMonitorAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_start_whose_monitor_hangs_fails_and_ends_it()
    {
        string id = await _test.CreateAsync();
        await TestEngine.EventuallyAsync(() => _test.Monitors.Launched.ContainsKey(id));
        _test.Monitors.Latest(id).Hangs = true;
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.StartAsync(id).WaitAsync(s_limit));
        Assert.Equal("it does not answer", error.Message);
        Assert.True(_test.Monitors.Latest(id).Killed);
        await _test.StartAsync(id);
        Assert.Equal("running", _test.Status(id));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_forced_removal_calls_off_a_start_that_does_not_end(bool hangs)
    {
        _test.Monitors.StartGate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        string id = await _test.CreateAsync();
        var start = _test.StartAsync(id);
        await TestEngine.EventuallyAsync(() => _test.Store.Get(id).Starting is not null);
        var monitor = _test.Monitors.Latest(id);
        monitor.Hangs = hangs;
        var removal = _test.Containers.Remove.RunAsync(id, force: true, removeVolumes: false, CancellationToken.None);
        await TestEngine.EventuallyAsync(() => hangs ? monitor.Killed : monitor.Signals.Contains(9));
        _test.Monitors.StartGate.SetResult();
        await Assert.ThrowsAsync<EngineException>(() => start.WaitAsync(s_limit));
        await removal.WaitAsync(s_limit);
        Assert.Empty(_test.Store.All);
    }

    private async Task<string> HungAsync()
    {
        string id = await _test.RunAsync();
        _test.Monitors.Latest(id).Hangs = true;
        return id;
    }
}
