namespace Hafen.Engine.Exec;

/// <summary>What can be asked for of execs.</summary>
public sealed record ExecUseCases
{
    public required CreateExec Create { get; init; }
    public required PrepareExecStart PrepareStart { get; init; }
    public required StartExec Start { get; init; }
    public required InspectExec Inspect { get; init; }
    public required ResizeExec Resize { get; init; }
}
