namespace Hafen.Monitor.Protocol;

/// <summary>
/// Attaches a client to the container or to an exec. The client's own socket travels with the request (SCM_RIGHTS): from then on the monitor
/// reads and writes it directly and ends it in order, so no byte passes through the daemon and the stream outlives it.
/// </summary>
public sealed record MonitorAttach
{
    public bool Stdin { get; init; }
    public bool Stdout { get; init; }
    public bool Stderr { get; init; }

    /// <summary>Frame the output with the 8-byte headers of the Engine API; false for terminals and raw streams.</summary>
    public bool Multiplexed { get; init; }

    /// <summary>Byte sequence that detaches the client, empty when there is none.</summary>
    public byte[] DetachKeys { get; init; } = [];

    /// <summary>Bytes the client had already sent after the request's head; they come before what the socket delivers.</summary>
    public byte[] Prefix { get; init; } = [];
}

/// <summary>Executes a further process in the container. Its <c>SpecProcess</c> JSON travels as a memfd, so its size has no limit of ours.</summary>
public sealed record MonitorExec
{
    /// <summary>Exec ID, 64 hexadecimal digits.</summary>
    public required string ExecId { get; init; }

    public bool OpenStdin { get; init; }

    /// <summary>How the client's socket (when one is sent) is attached; null for a detached exec.</summary>
    public MonitorAttach? Attach { get; init; }
}
