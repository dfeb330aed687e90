namespace Hafen.Linux.Processes;

/// <summary>A program to start beside the running threads, without the child of a clone ever entering managed code.</summary>
public sealed record SpawnRequest
{
    /// <summary>Path of the executable (<c>/proc/PID/fd/N</c>, with this process's own number, for a sealed memfd); not searched in PATH.</summary>
    public required string Path { get; init; }

    /// <summary>argv, the zeroth included.</summary>
    public required string[] Arguments { get; init; }

    /// <summary><c>NAME=value</c> lines; null hands on this process's environment.</summary>
    public string[]? Environment { get; init; }

    /// <summary>
    /// Descriptors of the child: each <c>Source</c> of this process becomes <c>Target</c> there, without FD_CLOEXEC. Of the others only the standard streams
    /// are inherited; all above the highest target are closed.
    /// </summary>
    public (int Source, int Target)[] Descriptors { get; init; } = [];

    /// <summary>Make the child the leader of a new session.</summary>
    public bool NewSession { get; init; }

    /// <summary>Working directory, or null for this process's.</summary>
    public string? WorkingDirectory { get; init; }
}
