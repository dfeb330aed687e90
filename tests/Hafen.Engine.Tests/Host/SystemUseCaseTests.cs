using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Host;
using Hafen.Engine.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Engine.Tests.Host;

public sealed class SystemUseCaseTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2024, 5, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly CurrentSystemOptions _options;
    private readonly DescribeSystem _describe;

    public SystemUseCaseTests()
    {
        Directory.CreateDirectory(_test.RunRoot);
        _options = new CurrentSystemOptions(new SystemOptions { Version = "1.2.3", GitCommit = "abc", Root = _test.RunRoot, RuntimePath = "/usr/lib/hafen-runtime" });
        _test.Engine.Options.Replace(_test.Engine.Options.Value with { RuntimeName = "ours" });
        _test.Engine.Warnings.Replace(["the bridge is odd"]);
        _test.Volumes.Warnings = ["a volume is odd"];
        _describe = new DescribeSystem(
            _options, _test.Engine.Options, FakeHost.Facts, _test.Images, _test.Snapshots, _test.Volumes, _test.Engine.Count, _test.Events, _test.Engine.Warnings, _time);
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task What_is_told_comes_from_everywhere()
    {
        await _test.RunAsync();
        await _test.CreateAsync();
        using var listener = _test.Events.Subscribe(null, null, FilterSet.Empty);
        var info = _describe.Run();
        Assert.Equal((2, 1, 0, 1, 1), (info.Containers, info.ContainersRunning, info.ContainersPaused, info.ContainersStopped, info.Images));
        Assert.Equal("2024-05-01T12:00:00.000000000+00:00", info.SystemTime);
        Assert.Equal(_test.Events.Listeners, info.NEventsListener);
        Assert.Equal("1.2.3", info.ServerVersion);
        Assert.Equal("ours", info.DefaultRuntime);
        Assert.Contains("ours", info.Runtimes!.Keys);
        Assert.Equal("overlay2", info.Driver);
        Assert.Contains("WARNING: the bridge is odd", info.Warnings!);
        Assert.Contains("WARNING: a volume is odd", info.Warnings!);
        Assert.Equal(["local"], info.Plugins!.Volume!);
        Assert.Equal(EngineId.Ensure(_test.RunRoot), info.ID);
        Assert.Equal("abc", new DescribeVersion(_options).Run().GitCommit);
    }

    [Fact]
    public void A_reload_changes_what_is_told_and_is_told_itself()
    {
        using var listener = _test.Events.Subscribe(null, null, FilterSet.Empty);
        new ReloadSystem(_options, FakeHost.Facts, _test.Events)
            .Run(debug: true, ["a=\"b\"", "c"], liveRestore: false, new Dictionary<string, string> { ["shutdown-timeout"] = "15" });
        var info = _describe.Run();
        Assert.True(info.Debug);
        Assert.False(info.LiveRestoreEnabled);
        Assert.Equal(["a=\"b\"", "c"], info.Labels!);

        Assert.True(listener.Reader.TryRead(out var message));
        Assert.Equal(("daemon", "reload", info.ID), (message.Type, message.Action, message.Actor.ID));
        Assert.Equal(("host", "true", "false", "15"), (message.Actor.Attributes["name"], message.Actor.Attributes["debug"],
            message.Actor.Attributes["live-restore"], message.Actor.Attributes["shutdown-timeout"]));
        Assert.Equal("""["a=\u0022b\u0022","c"]""", message.Actor.Attributes["labels"]);
    }
}
