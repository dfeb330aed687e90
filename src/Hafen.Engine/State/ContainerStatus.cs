namespace Hafen.Engine.State;

/// <summary>The states a container can be in, as the Engine API names them.</summary>
public enum ContainerStatus
{
    Created,
    Running,
    Paused,
    /// <summary>Ended, and its restart policy will start it again after a delay.</summary>
    Restarting,
    Removing,
    Exited,
    /// <summary>Its removal failed half-way; only another removal is possible.</summary>
    Dead,
}

/// <summary>What can happen to a container.</summary>
public enum ContainerChange
{
    Started,
    StartFailed,
    Paused,
    Resumed,
    /// <summary>Its process ended and nothing will start it again.</summary>
    Exited,
    /// <summary>Its process ended and the restart policy will start it again.</summary>
    ExitedForRestart,
    RemovalBegun,
    RemovalFailed,
}
