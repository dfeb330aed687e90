namespace Hafen.Monitor.Protocol;

/// <summary>How far a monitor's container has come.</summary>
public enum MonitorState : byte
{
    /// <summary>No container yet.</summary>
    Empty,
    /// <summary>The container is made and waits for its start.</summary>
    Created,
    Running,
    /// <summary>Init has ended; the exit event follows or has been sent.</summary>
    Ended,
}

/// <summary>What a monitor says first on each connection.</summary>
public sealed record MonitorHello
{
    public required string ContainerId { get; init; }

    /// <summary>Pid of the monitor itself.</summary>
    public required int MonitorPid { get; init; }

    /// <summary>Init's pid on the host, 0 when there is none.</summary>
    public required int InitPid { get; init; }

    public required MonitorState State { get; init; }

    /// <summary>The execs that run.</summary>
    public MonitorExecState[] Execs { get; init; } = [];

    /// <summary>Lines of the log that could not be written until now because the disk was full.</summary>
    public long LostLogLines { get; init; }

    /// <summary>Which requests and extensions the monitor knows: <see cref="MessageWriter.Minor"/> of its release, 0 for the first.</summary>
    public int ProtocolMinor { get; init; }
}

/// <param name="ExecId">Exec ID.</param>
/// <param name="Pid">Its process on the host.</param>
public sealed record MonitorExecState(string ExecId, int Pid);
