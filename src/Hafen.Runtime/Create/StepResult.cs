using Hafen.Errors;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Create;

/// <summary>How far a container or exec has come.</summary>
public enum StepKind : byte
{
    /// <summary>Nothing new yet.</summary>
    Pending,
    /// <summary>The process that will execute the program is there; an exec has its final pid from here on and waits to be let in.</summary>
    Entered,
    /// <summary>Init has prepared everything and waits for <c>Start</c>; the terminal, if any, can be taken. (An exec goes straight on.)</summary>
    Ready,
    /// <summary>execve has succeeded: the process runs its own program.</summary>
    Started,
    /// <summary>A step failed; the child is ending and must be reaped by its owner.</summary>
    Failed,
}

/// <param name="Kind">How far it came.</param>
/// <param name="Failure">With <see cref="StepKind.Failed"/> only.</param>
public readonly record struct StepResult(StepKind Kind, Failure? Failure = null)
{
    public static StepResult Pending => new(StepKind.Pending);
    public static StepResult Entered => new(StepKind.Entered);
    public static StepResult Ready => new(StepKind.Ready);
    public static StepResult Started => new(StepKind.Started);
}
