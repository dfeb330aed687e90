using Hafen.Errors;
using Hafen.Linux.Procfs;
using Hafen.Runtime.Errors;
using Hafen.Runtime.State;

namespace Hafen.Runtime.Tests.State;

public sealed class StateFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("hafen-state-").FullName;

    private StateFolder States => new(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_stored_container_is_read_as_it_was_written()
    {
        States.Make("a-1");
        var stored = Stored("a-1", 5, 6);
        States.Save(stored);
        Assert.Equal(stored, States.Load("a-1"));
        Assert.Equal(["a-1"], States.List().Select(container => container.Id));
        States.Remove("a-1");
        Assert.Equal(ErrorKind.NotRunning, Assert.Throws<RuntimeException>(() => States.Load("a-1")).Failure.Kind);
        States.Remove("a-1");
    }

    [Fact]
    public void An_id_is_given_once()
    {
        States.Make("x");
        Assert.Contains("already exists", Assert.Throws<RuntimeException>(() => States.Make("x")).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void An_id_is_a_name_and_no_path(string id) => Assert.Throws<RuntimeException>(() => States.Make(id));

    [Fact]
    public void A_process_with_the_same_pid_but_another_start_time_is_not_the_containers()
    {
        Assert.True(ProcessStat.TryRead(Environment.ProcessId, out var self));
        Assert.True(StateFolder.IsAlive(Stored("x", Environment.ProcessId, self.StartTime)));
        Assert.False(StateFolder.IsAlive(Stored("x", Environment.ProcessId, self.StartTime + 1)));
        Assert.Equal(ContainerStatus.Stopped, States.StatusOf(Stored("x", Environment.ProcessId, self.StartTime + 1)));
    }

    [Theory]
    [InlineData(ContainerStatus.Created, true, true, false)]
    [InlineData(ContainerStatus.Running, false, true, false)]
    [InlineData(ContainerStatus.Paused, false, true, false)]
    [InlineData(ContainerStatus.Stopped, false, false, true)]
    public void What_may_be_done_follows_from_the_state(ContainerStatus status, bool start, bool kill, bool delete) =>
        Assert.Equal((start, kill, delete), (status.CanStart(), status.CanKill(), status.CanDelete()));

    private static StoredContainer Stored(string id, int pid, ulong startTime) => new()
    {
        Id = id,
        Pid = pid,
        StartTime = startTime,
        Bundle = "/b \"q\"",
        CgroupPath = "/hafen/" + id,
        CreatedAt = 42,
        NoNewKeyring = true,
    };
}
