using Hafen.Api;
using Hafen.Engine.Events;
using Hafen.Engine.Tests.Fakes;
using Hafen.Engine.Volumes;
using Hafen.Errors;

namespace Hafen.Engine.Tests.Volumes;

/// <summary>Volumes with the containers that use them, and what is told of them.</summary>
public sealed class VolumeUseCaseTests : IAsyncLifetime
{
    private readonly TestEngine _test = new();
    private readonly VolumeUseCases _volumes;
    private readonly EventSubscription _events;

    public VolumeUseCaseTests()
    {
        _volumes = _test.ComposeVolumes();
        _events = _test.Events.Subscribe(null, null, FilterSet.Parse("""{"type":["volume"]}"""));
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _events.Dispose();
        await _test.DisposeAsync();
    }

    private List<string> Told()
    {
        var told = new List<string>();
        while (_events.Reader.TryRead(out var message))
            told.Add($"{message.Action} {message.Actor.ID} {string.Join(' ', message.Actor.Attributes.Select(pair => $"{pair.Key}={pair.Value}"))}");
        return told;
    }

    [Fact]
    public async Task One_that_is_there_is_not_made_again()
    {
        Assert.Equal("/v/data/_data", (await _volumes.Create.RunAsync(new VolumeCreateRequest { Name = "data" }, default)).Mountpoint);
        Assert.Equal(["create data driver=local"], Told());
        Assert.Equal("data", (await _volumes.Create.RunAsync(new VolumeCreateRequest { Name = "data" }, default)).Name);
        Assert.Empty(Told());
        Assert.Equal("/v/data/_data", _volumes.Inspect.Run("data").Mountpoint);
        var failure = Assert.Throws<EngineException>(() => _volumes.Inspect.Run("other"));
        Assert.Equal((ErrorKind.NotFound, "get other: no such volume"), (failure.Kind, failure.Message));
    }

    [Fact]
    public async Task What_a_container_uses_is_neither_removed_nor_pruned_nor_dangling()
    {
        string id = await _test.CreateAsync(new HostConfig { Binds = ["used:/data"] });
        await _volumes.Create.RunAsync(new VolumeCreateRequest { Name = "free" }, default);
        Assert.Equal(["free"], _volumes.List.Run(FilterSet.Parse("""{"dangling":["true"]}""")).Volumes!.Select(volume => volume.Name));
        Assert.Equal(["used"], _volumes.List.Run(FilterSet.Parse("""{"dangling":["false"]}""")).Volumes!.Select(volume => volume.Name));
        Assert.Equal(["free", "used"], _volumes.List.Run(FilterSet.Empty).Volumes!.Select(volume => volume.Name));

        var failure = await Assert.ThrowsAsync<EngineException>(() => _volumes.Remove.RunAsync("used", force: true, default));
        Assert.Equal((ErrorKind.Conflict, $"remove used: volume is in use - [{id}]"), (failure.Kind, failure.Message));
        Told();
        Assert.Empty((await _volumes.Prune.RunAsync(FilterSet.Empty, anonymousOnly: true, default)).VolumesDeleted!);
        Assert.Equal(["free"], (await _volumes.Prune.RunAsync(FilterSet.Parse("""{"all":["1"]}"""), anonymousOnly: true, default)).VolumesDeleted!);
        Assert.Equal(["prune  reclaimed=0", "destroy free driver=local", "prune  reclaimed=0"], Told());
    }

    [Fact]
    public async Task One_that_is_not_there_can_be_removed_by_force()
    {
        await _volumes.Remove.RunAsync("none", force: true, default);
        Assert.Empty(Told());
        Assert.Equal("get none: no such volume", (await Assert.ThrowsAsync<EngineException>(() => _volumes.Remove.RunAsync("none", force: false, default))).Message);
        Assert.Equal("get: no such volume", (await Assert.ThrowsAsync<EngineException>(() => _volumes.Remove.RunAsync("", force: false, default))).Message);
    }
}
