using Hafen.Api;
using Hafen.Engine.Events;
using Hafen.Engine.Monitors;
using Hafen.Engine.Tests.Fakes;
using Hafen.Monitor.Protocol;
using Microsoft.Extensions.Logging;

namespace Hafen.Engine.Tests.Containers;

/// <summary>Lines that a monitor could not write are told to whoever reads the daemon's log and the container's events.</summary>
public sealed class LostLogLinesTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public async Task The_end_of_the_container_tells_them(long lost)
    {
        string id = await _test.RunAsync();
        using var events = _test.Events.Subscribe(null, null, FilterSet.Empty);
        _test.Monitors.Latest(id).Publish(
            new MonitorExited { ExitCode = 3, OomKilled = false, FinishedAt = DateTimeOffset.UtcNow, LostLogLines = lost }, last: true);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "exited");
        await _test.QuietAsync();
        Assert.Equal(lost > 0, Warned(id, lost));
        var told = new List<EventMessage>();
        while (events.Reader.TryRead(out var message))
            told.Add(message);
        var attributes = Assert.Single(told, message => message.Action == "die").Actor.Attributes;
        Assert.Equal(lost > 0 ? "7" : null, attributes.GetValueOrDefault("lostLogLines"));
        Assert.Equal("3", attributes["exitCode"]);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(0)]
    public async Task A_daemon_that_finds_the_monitor_tells_them(long lost)
    {
        string id = await _test.RunAsync();
        FakeMonitor? survivor = null;
        await _test.CrashAndOpenAsync(monitors => monitors.Surviving[id] = survivor = new FakeMonitor(monitors, id));
        survivor!.Publish(new MonitorGreeted(survivor.Greeting! with { LostLogLines = lost }, Again: true));
        await TestEngine.EventuallyAsync(() => _test.Log.Entries.Any(entry => entry.Text.Contains("made again", StringComparison.Ordinal)));
        survivor.Exit(0);
        await TestEngine.EventuallyAsync(() => _test.Status(id) == "exited");
        Assert.Equal(lost > 0, Warned(id, lost));
    }

    private bool Warned(string id, long lost)
        => _test.Log.Entries.Contains((LogLevel.Warning, $"container {id}: {lost} lines of its log are lost, because they could not be written"));
}
