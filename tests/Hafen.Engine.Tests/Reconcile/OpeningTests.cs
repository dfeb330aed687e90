using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Reconcile;
using Hafen.Engine.Tests.Fakes;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Reconcile;

/// <summary>What a daemon's start waits for and what it says.</summary>
public sealed class OpeningTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task An_end_found_at_the_start_is_told_like_any_other()
    {
        string id = await _test.RunAsync(new HostConfig { NetworkMode = "bridge", Binds = ["a:/a"] }, "web");
        var started = _test.Store.Get(id).State.StartedAt!.Value;
        _test.Actions();
        using var events = _test.Events.Subscribe(null, null, FilterSet.Empty);
        await _test.CrashAndOpenAsync(monitors => monitors.Exits[id] = new MonitorExited { ExitCode = 137, OomKilled = true, FinishedAt = started.AddSeconds(7) });
        var told = new List<EventMessage>();
        while (events.Reader.TryRead(out var message))
            told.Add(message);
        Assert.Equal(["container oom", "network disconnect", "volume unmount", "container die"], told.Select(message => $"{message.Type} {message.Action}"));
        var attributes = told[^1].Actor.Attributes;
        Assert.Equal(("7", "137", "busybox", "web"), (attributes["execDuration"], attributes["exitCode"], attributes["image"], attributes["name"]));
    }

    [Fact]
    public async Task The_start_waits_for_the_containers_it_starts_again()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var opening = _test.CrashAndOpenAsync(monitors => monitors.StartGate = gate);
        await TestEngine.EventuallyAsync(() => _test.Monitors.Launched.ContainsKey(id));
        Assert.False(opening.IsCompleted);
        gate.SetResult();
        await opening;
        Assert.Equal("running", _test.Status(id));
    }

    [Fact]
    public async Task It_does_not_wait_for_ever()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        _test.StartsAtOpenLimit = TimeSpan.Zero;
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _test.CrashAndOpenAsync(monitors => monitors.StartGate = gate);
        Assert.NotEqual("running", _test.Status(id));
        gate.SetResult();
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "running");
    }
}
