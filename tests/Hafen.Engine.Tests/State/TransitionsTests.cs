using Hafen.Engine.State;
using static Hafen.Engine.State.ContainerChange;
using static Hafen.Engine.State.ContainerStatus;

namespace Hafen.Engine.Tests.State;

public sealed class TransitionsTests
{
    /// <summary>Every pair that is allowed; all others must be refused.</summary>
    private static readonly Dictionary<(ContainerStatus, ContainerChange), ContainerStatus> s_allowed = new()
    {
        [(Created, Started)] = Running,
        [(Created, StartFailed)] = Created,
        [(Created, RemovalBegun)] = Removing,
        [(Running, StartFailed)] = ContainerStatus.Exited,
        [(Running, ContainerChange.Paused)] = ContainerStatus.Paused,
        [(Running, ContainerChange.Exited)] = ContainerStatus.Exited,
        [(Running, ExitedForRestart)] = Restarting,
        [(ContainerStatus.Paused, Resumed)] = Running,
        [(ContainerStatus.Paused, ContainerChange.Exited)] = ContainerStatus.Exited,
        [(ContainerStatus.Paused, ExitedForRestart)] = Restarting,
        [(Restarting, Started)] = Running,
        [(Restarting, StartFailed)] = ContainerStatus.Exited,
        [(Restarting, ContainerChange.Exited)] = ContainerStatus.Exited,
        [(ContainerStatus.Exited, Started)] = Running,
        [(ContainerStatus.Exited, StartFailed)] = ContainerStatus.Exited,
        [(ContainerStatus.Exited, RemovalBegun)] = Removing,
        [(Removing, RemovalFailed)] = Dead,
        [(Dead, RemovalBegun)] = Removing,
    };

    [Fact]
    public void The_table_is_complete()
    {
        foreach (var status in Enum.GetValues<ContainerStatus>())
        {
            foreach (var change in Enum.GetValues<ContainerChange>())
            {
                ContainerStatus? expected = s_allowed.TryGetValue((status, change), out var next) ? next : null;
                Assert.True(expected == Transitions.Next(status, change), $"{status} by {change}: {Transitions.Next(status, change)} instead of {expected}");
            }
        }
    }

    [Theory]
    [InlineData(Running, true, true)]
    [InlineData(ContainerStatus.Paused, true, true)]
    [InlineData(Restarting, true, false)]
    [InlineData(Created, false, false)]
    [InlineData(ContainerStatus.Exited, false, false)]
    [InlineData(Removing, false, false)]
    [InlineData(Dead, false, false)]
    public void Running_means_what_docker_means(ContainerStatus status, bool running, bool hasProcess)
    {
        Assert.Equal(running, Transitions.IsRunning(status));
        Assert.Equal(hasProcess, Transitions.HasProcess(status));
    }
}
