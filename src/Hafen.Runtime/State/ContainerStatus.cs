namespace Hafen.Runtime.State;

/// <summary>Where a container stands (runtime-spec, runtime.md#state; <c>paused</c> is runc's).</summary>
public enum ContainerStatus
{
    Creating,
    Created,
    Running,
    Paused,
    Stopped,
}

/// <summary>What may be done in which state.</summary>
public static class ContainerStatusRules
{
    public static bool CanStart(this ContainerStatus status) => status == ContainerStatus.Created;

    public static bool CanExec(this ContainerStatus status) => status == ContainerStatus.Running;

    public static bool CanKill(this ContainerStatus status) => status is ContainerStatus.Created or ContainerStatus.Running or ContainerStatus.Paused;

    public static bool CanDelete(this ContainerStatus status) => status == ContainerStatus.Stopped;

    public static bool CanPause(this ContainerStatus status) => status is ContainerStatus.Created or ContainerStatus.Running;

    /// <summary>The word of the specification.</summary>
    public static string Word(this ContainerStatus status) => status switch
    {
        ContainerStatus.Creating => "creating",
        ContainerStatus.Created => "created",
        ContainerStatus.Running => "running",
        ContainerStatus.Paused => "paused",
        _ => "stopped",
    };
}
