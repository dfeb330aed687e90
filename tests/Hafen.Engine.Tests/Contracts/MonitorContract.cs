using Hafen.Engine.Monitors;
using Hafen.Engine.Tests.Monitors;
using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Contracts;

/// <summary>What every monitor does for the daemon, and whatever stands for one in tests.</summary>
public abstract class MonitorContract : IAsyncLifetime
{
    private const int SIGKILL = 9;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    protected abstract IMonitors Monitors { get; }

    protected abstract string Id { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>A container whose process goes on until it is killed.</summary>
    protected abstract MonitorCreate ThatGoesOn();

    /// <summary>A container whose command is not there.</summary>
    protected abstract MonitorCreate ThatCannotRun();

    [Fact]
    public async Task A_monitor_says_who_it_is_and_answers()
    {
        await using var monitor = await Monitors.LaunchAsync(Id, default);
        await monitor.AnswerAsync(default);
        Assert.Equal(Id, monitor.Greeting!.ContainerId);
        Assert.True(monitor.Pid > 0);
        Assert.Null(monitor.Trouble);
    }

    [Fact]
    public async Task A_container_is_made_then_started_once_and_its_end_is_the_last_word()
    {
        await using var monitor = await Monitors.LaunchAsync(Id, default);
        Assert.True(await monitor.CreateAsync(ThatGoesOn(), default) > 0);
        await monitor.StartAsync(default);
        await RefusedAsync(() => monitor.StartAsync(default), ErrorKind.NotRunning);
        await monitor.SignalAsync(null, SIGKILL, default);
        var exited = Assert.IsType<MonitorExited>(await NextAsync<MonitorExited>(monitor));
        Assert.Equal(128 + SIGKILL, exited.ExitCode);
        Assert.False(await monitor.Events.WaitToReadAsync().AsTask().WaitAsync(s_limit));
    }

    [Fact]
    public async Task A_command_that_is_not_there_fails_the_start()
    {
        await using var monitor = await Monitors.LaunchAsync(Id, default);
        await RefusedAsync(async () =>
        {
            await monitor.CreateAsync(ThatCannotRun(), default);
            await monitor.StartAsync(default);
        }, ErrorKind.CommandNotFound);
    }

    [Fact]
    public async Task Execs_are_told_apart_by_their_ids()
    {
        await using var monitor = await Monitors.LaunchAsync(Id, default);
        await monitor.CreateAsync(ThatGoesOn(), default);
        await monitor.StartAsync(default);
        foreach (string id in (string[])["one", "two"])
            Assert.True(await monitor.ExecAsync(new MonitorExec { ExecId = id }, MonitorBench.Process(["/bin/sleep", "1000"]), null, default) > 0);
        await monitor.SignalAsync("two", SIGKILL, default);
        var ended = await NextAsync<MonitorExecExited>(monitor);
        Assert.Equal(("two", 128 + SIGKILL), (ended.ExecId, ended.ExitCode));
        await RefusedAsync(() => monitor.SignalAsync("two", SIGKILL, default), ErrorKind.NotRunning);
        await RefusedAsync(() => monitor.SignalAsync("three", SIGKILL, default), ErrorKind.NotRunning);
        await monitor.SignalAsync(null, SIGKILL, default);
        await NextAsync<MonitorExited>(monitor);
    }

    private static async Task RefusedAsync(Func<Task> request, ErrorKind kind)
        => Assert.Equal(kind, (await Assert.ThrowsAsync<MonitorException>(request)).Failure.Kind);

    private static async Task<T> NextAsync<T>(IMonitor monitor)
        where T : MonitorEvent
    {
        using var limit = new CancellationTokenSource(s_limit);
        while (true)
        {
            if (await monitor.Events.ReadAsync(limit.Token) is T wanted)
                return wanted;
        }
    }
}
