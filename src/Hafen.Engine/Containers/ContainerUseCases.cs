namespace Hafen.Engine.Containers;

/// <summary>What can be asked for of containers.</summary>
public sealed record ContainerUseCases
{
    public required CreateContainer Create { get; init; }
    public required StartContainer Start { get; init; }
    public required StopContainer Stop { get; init; }
    public required RestartContainer Restart { get; init; }
    public required KillContainer Kill { get; init; }
    public required PauseContainer Pause { get; init; }
    public required UnpauseContainer Unpause { get; init; }
    public required WaitContainer Wait { get; init; }
    public required PrepareAttach PrepareAttach { get; init; }
    public required AttachContainer Attach { get; init; }
    public required ContainerLogs Logs { get; init; }
    public required ResizeContainer Resize { get; init; }
    public required RenameContainer Rename { get; init; }
    public required UpdateContainer Update { get; init; }
    public required InspectContainer Inspect { get; init; }
    public required ListContainers List { get; init; }
    public required TopContainer Top { get; init; }
    public required RemoveContainer Remove { get; init; }
    public required PruneContainers Prune { get; init; }
}
