namespace Hafen.Engine.State;

/// <summary>The container state machine as a pure function.</summary>
public static class Transitions
{
    /// <summary>The state after a change; null when the change cannot happen in that state.</summary>
    public static ContainerStatus? Next(ContainerStatus status, ContainerChange change) => (status, change) switch
    {
        (ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Restarting, ContainerChange.Started) => ContainerStatus.Running,

        // A container whose first start failed has not run: it stays "created", with an error and an exit code.
        (ContainerStatus.Created, ContainerChange.StartFailed) => ContainerStatus.Created,
        // What failed after the process had begun has ended it.
        (ContainerStatus.Exited or ContainerStatus.Restarting or ContainerStatus.Running, ContainerChange.StartFailed) => ContainerStatus.Exited,

        (ContainerStatus.Running, ContainerChange.Paused) => ContainerStatus.Paused,
        (ContainerStatus.Paused, ContainerChange.Resumed) => ContainerStatus.Running,

        // A paused process can be killed; a restart that is waited for can be called off.
        (ContainerStatus.Running or ContainerStatus.Paused or ContainerStatus.Restarting, ContainerChange.Exited) => ContainerStatus.Exited,
        (ContainerStatus.Running or ContainerStatus.Paused, ContainerChange.ExitedForRestart) => ContainerStatus.Restarting,

        (ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Dead, ContainerChange.RemovalBegun) => ContainerStatus.Removing,
        (ContainerStatus.Removing, ContainerChange.RemovalFailed) => ContainerStatus.Dead,
        _ => null,
    };

    /// <summary>The name in the Engine API.</summary>
    public static string Text(ContainerStatus status) => status switch
    {
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        ContainerStatus.Restarting => "restarting",
        ContainerStatus.Removing => "removing",
        ContainerStatus.Exited => "exited",
        _ => "dead",
    };

    /// <summary>True for the states Docker calls running: there is, or will be again by itself, a process.</summary>
    public static bool IsRunning(ContainerStatus status)
        => status is ContainerStatus.Running or ContainerStatus.Paused or ContainerStatus.Restarting;

    /// <summary>True when there is a process.</summary>
    public static bool HasProcess(ContainerStatus status) => status is ContainerStatus.Running or ContainerStatus.Paused;
}
