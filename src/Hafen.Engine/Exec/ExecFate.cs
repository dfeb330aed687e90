namespace Hafen.Engine.Exec;

/// <summary>What the end of a container meant for an exec.</summary>
internal enum ExecFate
{
    EndedBefore,
    CutOff,
    NeverRan,
}
