namespace Hafen.Monitor.Protocol;

/// <summary>What a monitor tells without being asked.</summary>
public abstract record MonitorEvent;

/// <summary>
/// The container's init has ended, its output is in the log and with the clients. The same facts stand in the <c>exit</c> file of the state folder,
/// written before this event is sent; the monitor then ends.
/// </summary>
public sealed record MonitorExited : MonitorEvent
{
    /// <summary>Exit code, 128 + signal number for a signal.</summary>
    public required int ExitCode { get; init; }
    public required bool OomKilled { get; init; }
    public required DateTimeOffset FinishedAt { get; init; }

    /// <summary>Lines of the log that could not be written in all the time, because the disk was full; 0 from a monitor that does not tell.</summary>
    public long LostLogLines { get; init; }
}

/// <summary>An exec has ended and its output has been delivered.</summary>
public sealed record MonitorExecExited : MonitorEvent
{
    public required string ExecId { get; init; }
    public required int ExitCode { get; init; }
}

/// <summary>The container has run out of memory and goes on as well as it can.</summary>
public sealed record MonitorOutOfMemory : MonitorEvent;

/// <summary>A client left with the detach keys.</summary>
public sealed record MonitorDetached : MonitorEvent
{
    /// <summary>Null for the container itself.</summary>
    public string? ExecId { get; init; }
}
