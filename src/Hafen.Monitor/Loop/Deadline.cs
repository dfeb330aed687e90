namespace Hafen.Monitor.Loop;

/// <summary>Something to be done at a time unless it is cancelled before.</summary>
public sealed class Deadline
{
    internal Deadline(long due, Action action)
    {
        Due = due;
        Action = action;
    }

    internal long Due { get; }
    internal Action Action { get; }
    internal bool Cancelled { get; private set; }

    /// <summary>Makes it never happen.</summary>
    public void Cancel() => Cancelled = true;
}
