using System.IO.Pipelines;
using System.Text;
using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Tests.Fakes;
using Hafen.Errors;
using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Tests.Containers;

/// <summary>What ends with a run, and what goes with a container.</summary>
public sealed class RunOwnershipTests : IAsyncLifetime
{
    private static readonly LogsRequest s_follow = new() { Stdout = true, Follow = true };

    private readonly TestEngine _test = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _test.DisposeAsync();

    [Fact]
    public async Task A_followed_log_ends_with_the_run_though_the_policy_makes_another()
    {
        string id = await _test.RunAsync(new HostConfig { RestartPolicy = new RestartPolicy { Name = "always" } });
        var (copy, output) = Copy(id);
        Assert.False(copy.IsCompleted);
        _test.Monitors.Latest(id).Exit(1);
        await copy.WaitAsync(TimeSpan.FromSeconds(60));
        await output.CompleteAsync();
        await TestEngine.EventuallyAsync(() => _test.Monitors.Launched[id].Count == 2);
    }

    [Fact]
    public async Task A_log_that_was_found_is_copied_though_the_name_is_another_containers_then()
    {
        string id = await _test.RunAsync(name: "web");
        await File.WriteAllTextAsync(
            LogSettings.FileOf(_test.Store.Get(id))!, """{"log":"one\n","stream":"stdout","time":"2026-01-01T00:00:00Z"}""" + "\n", TestContext.Current.CancellationToken);
        var log = _test.Containers.Logs.Run("web", new LogsRequest { Stdout = true });
        await _test.Containers.Rename.RunAsync(id, "old", CancellationToken.None);
        await _test.CreateAsync(name: "web");
        var pipe = new Pipe();
        await log.CopyAsync(pipe.Writer, CancellationToken.None);
        await pipe.Writer.CompleteAsync();
        var result = await pipe.Reader.ReadAtLeastAsync(1, TestContext.Current.CancellationToken);
        Assert.EndsWith("one\n", Encoding.UTF8.GetString(result.Buffer.FirstSpan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Anonymous_volumes_go_with_the_last_container_that_has_them()
    {
        string first = await _test.CreateAsync(new HostConfig { Binds = ["/data", "named:/named"] });
        string second = await _test.CreateAsync(new HostConfig { VolumesFrom = [first] });
        Assert.Equal(2, _test.Volumes.Volumes.Count);
        await _test.Containers.Remove.RunAsync(first, force: false, removeVolumes: true, CancellationToken.None);
        Assert.Equal(2, _test.Volumes.Volumes.Count);
        await _test.Containers.Remove.RunAsync(second, force: false, removeVolumes: true, CancellationToken.None);
        Assert.Equal("named", Assert.Single(_test.Volumes.Volumes.Keys));
    }

    [Fact]
    public async Task A_restart_that_fails_says_so_in_Dockers_words()
    {
        string id = await _test.CreateAsync(name: "web");
        _test.Monitors.StartFailure = new Failure(ErrorKind.CommandNotFound, 0, "exec", "not found");
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Restart.RunAsync("web", null, null, CancellationToken.None));
        Assert.Equal(ErrorKind.System, error.Kind);
        Assert.StartsWith("Cannot restart container web: failed to create task", error.Message, StringComparison.Ordinal);
        var missing = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Restart.RunAsync("nosuch", null, null, CancellationToken.None));
        Assert.Equal((ErrorKind.NotFound, "No such container: nosuch"), (missing.Kind, missing.Message));
        Assert.Equal("created", _test.Status(id));
    }

    [Fact]
    public async Task An_update_that_is_refused_says_so_in_Dockers_words()
    {
        string id = await _test.CreateAsync(new HostConfig { AutoRemove = true });
        var error = await Assert.ThrowsAsync<EngineException>(() => _test.Containers.Update.RunAsync(
            id, new ContainerUpdateRequest { RestartPolicy = new RestartPolicy { Name = "always" } }, CancellationToken.None));
        Assert.Equal(
            (ErrorKind.Conflict, $"Cannot update container {id}: Restart policy cannot be updated because AutoRemove is enabled for the container"),
            (error.Kind, error.Message));
    }

    private (Task Copy, PipeWriter Output) Copy(string id)
    {
        var pipe = new Pipe();
        return (_test.Containers.Logs.Run(id, s_follow).CopyAsync(pipe.Writer, CancellationToken.None), pipe.Writer);
    }
}
