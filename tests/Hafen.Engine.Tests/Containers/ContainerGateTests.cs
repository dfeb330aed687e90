using Hafen.Engine.Containers;
using Hafen.Engine.State;
using Hafen.Engine.Tests.Fakes;

namespace Hafen.Engine.Tests.Containers;

/// <summary>What changes a container needs its gate.</summary>
public sealed class ContainerGateTests
{
    private static readonly Func<ContainerState, ContainerState> s_same = static s => s;

    private readonly Container _container = new(
        new ContainerRecord
        {
            Id = new string('a', 64),
            Name = "web",
            Created = DateTimeOffset.UnixEpoch,
            ImageId = "",
            Config = new(),
            HostConfig = new(),
            Networks = [],
            Mounts = [],
        },
        new ContainerState { Status = ContainerStatus.Created },
        "/nowhere");

    public static TheoryData<string> Changes => new(All(null!).Keys);

    [Theory, MemberData(nameof(Changes))]
    public async Task It_is_refused_without_and_made_with_it(string name)
    {
        var change = All(_container)[name];
        Assert.Throws<InvalidOperationException>(change);
        Assert.Equal((ContainerStatus.Created, "web"), (_container.Status, _container.Record.Name));
        using var _ = await _container.EnterAsync(CancellationToken.None);
        change();
    }

    [Fact]
    public async Task The_gate_is_free_again_when_it_is_left()
    {
        using (await _container.EnterAsync(CancellationToken.None))
            _container.BeginVolumes();
        Assert.Throws<InvalidOperationException>(() => _container.EndVolumes());
    }

    private static Dictionary<string, Action> All(Container container)
    {
        var monitor = new FakeMonitor(new FakeMonitors(), "a");
        var run = new ContainerRun(monitor);
        return new()
        {
            ["Change"] = () => container.Change(container.Record with { Name = "other" }),
            ["Transit"] = () => container.Transit(ContainerChange.Started, s_same),
            ["TakeEarly"] = () => container.TakeEarly(),
            ["BeginStart"] = () => container.BeginStart(monitor),
            ["EndStart"] = () => container.EndStart(),
            ["BeginRun"] = () => container.BeginRun(run, s_same),
            ["GiveUpRun"] = () => container.GiveUpRun(),
            ["Adopt"] = () => container.Adopt(run),
            ["WatchedBy"] = () => container.WatchedBy(Task.CompletedTask),
            ["BeginVolumes"] = () => container.BeginVolumes(),
            ["EndVolumes"] = () => container.EndVolumes(),
            ["EndRun"] = () => container.EndRun(ContainerChange.StartFailed, s_same),
            ["NoteEndWritten"] = () => container.NoteEndWritten(false),
            ["ForgetRestarts"] = () => container.ForgetRestarts(),
            ["BeginRemoval"] = () => container.BeginRemoval(withVolumes: false),
            ["MarkRemoved"] = () => container.MarkRemoved(),
        };
    }
}
