using Hafen.Errors;
using Hafen.Snapshots.Tests;
using Hafen.Volumes.Drivers;
using Hafen.Volumes.Local;
using Hafen.Volumes.Tests.Fakes;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Volumes.Tests;

/// <summary>The store over a driver that answers when the test says so. A wait that should not be is found by the limit of <see cref="Soon"/>.</summary>
public sealed class VolumeStoreTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly FakeServer _server;
    private readonly FakeDriver _far;
    private readonly FakeTimeProvider _time = new();

    public VolumeStoreTests()
    {
        _server = new FakeServer(Path.Combine(_folder.Path, "server"));
        _far = new FakeDriver("far", _server);
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_driver_that_hangs_holds_up_one_volume_and_nothing_else()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("stuck", "far", null, null, default);
        await volumes.CreateAsync("other", "far", null, null, default);
        var server = _far.Hang("mount stuck");
        var mounting = volumes.MountAsync("stuck", "a", default).AsTask();

        Assert.Equal(["other", "stuck"], volumes.List().Select(volume => volume.Name));
        Assert.NotNull(volumes.Find("stuck"));
        await Soon(volumes.MountAsync("other", "a", default).AsTask());
        await Soon(volumes.UnmountAsync("other", "a", default).AsTask());
        await Soon(volumes.RemoveAsync("other", default).AsTask());
        await Soon(volumes.CreateAsync("new", "far", null, null, default).AsTask());
        // Holding it and giving it back are no matter of the driver's.
        await Soon(volumes.HoldAsync("stuck", "maker", default).AsTask());
        await Soon(volumes.UnmountAsync("stuck", "maker", default).AsTask());
        var removing = volumes.RemoveAsync("stuck", default).AsTask();
        Assert.False(mounting.IsCompleted || removing.IsCompleted);

        server.SetResult();
        Assert.Equal(_server.Path("stuck"), await Soon(mounting));
        Assert.Equal("remove stuck: volume is in use - [a]", (await Assert.ThrowsAsync<VolumeException>(() => Soon(removing))).Message);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_mount_that_hangs_can_be_left_and_is_taken_back_when_it_ends(bool hears)
    {
        _far.HearsTokens = hears;
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, null, default);
        var server = _far.Hang("mount data");
        using var leaving = new CancellationTokenSource();
        var mounting = volumes.MountAsync("data", "a", leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(mounting));

        // Who unmounts what was left holds no user any more, and does not wait.
        await Soon(volumes.UnmountAsync("data", "a", default).AsTask());
        // The next one comes after it, and has the volume for himself.
        var next = volumes.MountAsync("data", "a", default).AsTask();
        if (!hears)
            Assert.False(next.IsCompleted);
        server.TrySetResult();
        await Soon(next);
        Assert.Equal(["mount data", "unmount data", "mount data"], _far.Calls.Where(call => call.EndsWith("mount data", StringComparison.Ordinal)));
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<VolumeException>(() => Soon(volumes.RemoveAsync("data", default).AsTask()))).Kind);
        await volumes.UnmountAsync("data", "a", default);
        await volumes.RemoveAsync("data", default);
    }

    [Fact]
    public async Task A_mount_that_is_left_stays_for_those_who_have_it()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, null, default);
        await volumes.MountAsync("data", "a", default);
        var server = _far.Hang("mount data");
        using var leaving = new CancellationTokenSource();
        var mounting = volumes.MountAsync("data", "b", leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(mounting));
        server.SetResult();
        await Soon(volumes.MountAsync("data", "c", default).AsTask());
        Assert.DoesNotContain("unmount data", _far.Calls);
    }

    [Fact]
    public async Task A_mount_that_fails_keeps_the_volume_for_its_user()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, null, default);
        using var source = new CancellationTokenSource();
        var server = _far.Hang("mount data");
        var mounting = volumes.MountAsync("data", "a", source.Token).AsTask();
        server.SetException(new VolumeException(ErrorKind.System, "the server is gone"));
        Assert.Equal("the server is gone", (await Assert.ThrowsAsync<VolumeException>(() => Soon(mounting))).Message);
        Assert.Equal(ErrorKind.Conflict, (await Assert.ThrowsAsync<VolumeException>(async () => await volumes.RemoveAsync("data", default))).Kind);
        await volumes.UnmountAsync("data", "a", default);
        await volumes.RemoveAsync("data", default);
    }

    [Fact]
    public async Task Whoever_waits_for_a_turn_can_leave()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, null, default);
        var server = _far.Hang("populate data");
        var filling = volumes.PopulateAsync("data", ["/nowhere"], "/x", default).AsTask();
        using var leaving = new CancellationTokenSource();
        var first = volumes.MountAsync("data", "a", leaving.Token).AsTask();
        var second = volumes.MountAsync("data", "b", default).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(first));
        server.SetResult();
        await Soon(filling);
        await Soon(second);
        Assert.Single(_far.Calls, "mount data");
    }

    [Fact]
    public async Task One_that_is_being_made_is_there_when_it_is_made_and_once()
    {
        var volumes = await OpenAsync();
        var server = _far.Hang("create data");
        var first = volumes.CreateAsync("data", "far", null, null, default).AsTask();
        var second = volumes.CreateAsync("data", "far", null, null, default).AsTask();
        var holding = volumes.HoldAsync("data", "a", default).AsTask();
        Assert.Null(volumes.Find("data"));
        Assert.False(second.IsCompleted || holding.IsCompleted);
        server.SetResult();
        Assert.Same(await Soon(first), await Soon(second));
        await Soon(holding);
        Assert.Single(_far.Calls, "create data");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_whose_maker_has_left_or_failed_leaves_nothing(bool leaves)
    {
        var volumes = await OpenAsync();
        var server = _far.Hang("create data");
        using var leaving = new CancellationTokenSource();
        var making = volumes.CreateAsync("data", "far", null, null, leaving.Token).AsTask();
        if (leaves)
        {
            await leaving.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(making));
            server.SetResult();
        }
        else
        {
            server.SetException(new VolumeException(ErrorKind.System, "no room"));
            await Assert.ThrowsAsync<VolumeException>(() => Soon(making));
        }

        // In its turn: what was begun is over by then.
        await Assert.ThrowsAsync<VolumeException>(() => Soon(volumes.HoldAsync("data", "a", default).AsTask()));
        Assert.Empty(volumes.List());
        Assert.Empty(_server.Names);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_folder.Path, "volumes")));
        Assert.Equal(0, volumes.NamesHeld);
    }

    [Fact]
    public async Task Nobody_begins_to_use_one_that_is_being_removed()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, null, default);
        var server = _far.Hang("remove data");
        var removing = volumes.RemoveAsync("data", default).AsTask();
        var holding = volumes.HoldAsync("data", "a", default).AsTask();
        Assert.False(holding.IsCompleted);
        server.SetResult();
        await Soon(removing);
        Assert.Equal("get data: no such volume", (await Assert.ThrowsAsync<VolumeException>(() => Soon(holding))).Message);

        // A removal that fails changes nothing.
        await volumes.CreateAsync("data", "far", null, null, default);
        server = _far.Hang("remove data");
        removing = volumes.RemoveAsync("data", default).AsTask();
        holding = volumes.HoldAsync("data", "a", default).AsTask();
        server.SetException(new VolumeException(ErrorKind.System, "the server is gone"));
        await Assert.ThrowsAsync<VolumeException>(() => Soon(removing));
        await Soon(holding);
        Assert.Equal(["data"], volumes.List().Select(volume => volume.Name));
    }

    [Fact]
    public async Task The_last_user_unmounts_also_when_he_does_not_wait_for_it()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, null, default);
        await volumes.MountAsync("data", "a", default);
        await volumes.MountAsync("data", "b", default);
        var filling = _far.Hang("populate data");
        var populating = volumes.PopulateAsync("data", ["/nowhere"], "/x", default).AsTask();
        await Soon(volumes.UnmountAsync("data", "a", default).AsTask());
        using var leaving = new CancellationTokenSource();
        var unmounting = volumes.UnmountAsync("data", "b", leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(unmounting));
        Assert.DoesNotContain("unmount data", _far.Calls);
        filling.SetResult();
        await Soon(populating);
        await Soon(volumes.RemoveAsync("data", default).AsTask());
        Assert.Single(_far.Calls, "unmount data");
    }

    [Fact]
    public async Task Usage_that_nobody_answers_for_can_be_left_and_holds_up_nothing()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, null, default);
        _far.Hang("usage data");
        using var leaving = new CancellationTokenSource();
        var measuring = volumes.UsageAsync("data", leaving.Token).AsTask();
        await Soon(volumes.MountAsync("data", "a", default).AsTask());
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(measuring));
    }

    [Fact]
    public async Task What_is_plain_is_done_when_the_call_is_back()
    {
        var volumes = await OpenAsync();
        var making = volumes.CreateAsync(null, null, null, null, default);
        Assert.True(making.IsCompletedSuccessfully);
        string name = (await making).Name;
        Assert.True(Done(volumes.HoldAsync(name, "a", default)));
        Assert.True(Done(IgnoreAsync(volumes.MountAsync(name, "b", default))));
        Assert.True(Done(volumes.PopulateAsync(name, [_folder.Path], "/nowhere", default)));
        Assert.True(Done(volumes.UnmountAsync(name, "a", default)));
        Assert.True(Done(volumes.UnmountAsync(name, "b", default)));
        Assert.True(Done(volumes.RemoveAsync(name, default)));

        static bool Done(in ValueTask call) => call.IsCompletedSuccessfully;
    }

    [Fact]
    public async Task Nothing_stays_of_a_name_that_has_gone()
    {
        var volumes = await OpenAsync();
        for (int round = 0; round < 20; round++)
        {
            string name = (await volumes.CreateAsync(null, round % 2 == 0 ? "local" : "far", null, null, default)).Name;
            await volumes.MountAsync(name, "a", default);
            await volumes.UnmountAsync(name, "a", default);
            await volumes.RemoveAsync(name, default);
        }
        await Assert.ThrowsAsync<VolumeException>(async () => await volumes.MountAsync("nothing", "a", default));
        await Assert.ThrowsAsync<VolumeException>(async () => await volumes.HoldAsync("nothing", "a", default));
        await volumes.UnmountAsync("nothing", "a", default);
        Assert.Equal(0, volumes.NamesHeld);
    }

    [Fact]
    public async Task A_name_is_of_one_driver()
    {
        var volumes = await OpenAsync();
        var made = await volumes.CreateAsync("data", "far", null, null, default);
        Assert.Same(made, await volumes.CreateAsync("data", null, null, null, default));
        var failure = await Assert.ThrowsAsync<VolumeException>(async () => await volumes.CreateAsync("data", "local", null, null, default));
        Assert.Equal((ErrorKind.Conflict, "create data: driver 'far' already has volume 'data': volume name must be unique"), (failure.Kind, failure.Message));
        Assert.Equal(("far", VolumeScope.Global, ""), (made.Driver, made.Scope, made.Mountpoint));
        Assert.Equal(["local", "far"], volumes.Drivers);
    }

    [Fact]
    public async Task A_drivers_volumes_come_back_with_their_labels_and_those_made_elsewhere_with_them()
    {
        var volumes = await OpenAsync();
        await volumes.CreateAsync("data", "far", null, new Dictionary<string, string> { ["a"] = "b" }, default);
        _server.Make("elsewhere");
        var again = await OpenAsync();
        Assert.Equal(["data", "elsewhere"], again.List().Select(volume => volume.Name));
        Assert.Equal("b", again.Find("data")!.Labels["a"]);
        Assert.All(again.List(), volume => Assert.Equal("far", volume.Driver));
        _server.Make("late");
        Assert.Equal("far", (await again.CreateAsync("late", "far", null, null, default)).Driver);
        await again.RemoveAsync("elsewhere", default);
        Assert.Equal(["data", "late"], _server.Names);
    }

    [Fact]
    public async Task A_volume_whose_driver_is_not_here_is_shown_and_stays()
    {
        await (await OpenAsync()).CreateAsync("data", "far", null, null, default);
        var volumes = await VolumeStore.OpenAsync(_folder.Path, default);
        Assert.Equal("far", volumes.Find("data")!.Driver);
        foreach (var call in (Func<ValueTask>[])[() => IgnoreAsync(volumes.MountAsync("data", "a", default)), () => volumes.UnmountAsync("data", "a", default), () => volumes.RemoveAsync("data", default)])
        {
            var failure = await Record.ExceptionAsync(() => call().AsTask());
            if (failure is not null)
                Assert.Equal("get data: error looking up volume plugin far: plugin \"far\" not found", Assert.IsType<VolumeException>(failure).Message);
        }
        Assert.Null(await volumes.UsageAsync("data", default));
        Assert.Equal(["data"], (await OpenAsync()).List().Select(volume => volume.Name));
    }

    [Fact]
    public async Task A_driver_that_does_not_answer_keeps_the_daemon_from_starting_for_a_short_time_only()
    {
        await (await OpenAsync()).CreateAsync("data", "far", null, null, default);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "volumes", "half"));
        _far.Hang("list");
        var opening = OpenAsync();
        Assert.False(opening.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(10));
        var volumes = await Soon(opening);
        Assert.Equal(["data"], volumes.List().Select(volume => volume.Name));
        Assert.Equal(["the volume driver far does not tell its volumes: it does not answer"], volumes.Warnings);
        // Who has not answered may know what it is.
        Assert.True(Directory.Exists(Path.Combine(_folder.Path, "volumes", "half")));
    }

    [Fact]
    public async Task The_daemons_start_can_be_broken_off()
    {
        _far.Hang("list");
        using var leaving = new CancellationTokenSource();
        var opening = VolumeStore.OpenAsync(_folder.Path, Drivers(), _time, leaving.Token).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Soon(opening));
    }

    private Task<VolumeStore> OpenAsync() => VolumeStore.OpenAsync(_folder.Path, Drivers(), _time, default).AsTask();

    private IReadOnlyList<IVolumeDriver> Drivers() => [new LocalDriver(Path.Combine(_folder.Path, "volumes")), _far];

    private static async ValueTask IgnoreAsync(ValueTask<string> mounting) => await mounting;

    private static Task Soon(Task task) => task.WaitAsync(s_patience);

    private static Task<T> Soon<T>(Task<T> task) => task.WaitAsync(s_patience);
}
