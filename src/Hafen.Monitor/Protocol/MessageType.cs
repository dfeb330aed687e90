namespace Hafen.Monitor.Protocol;

/// <summary>What a packet between daemon and monitor says.</summary>
public enum MessageType : ushort
{
    None = 0,

    /// <summary>Monitor, first on each connection: <see cref="MonitorHello"/>.</summary>
    Hello = 1,

    /// <summary>Daemon: <see cref="MonitorCreate"/>; the reply's value is init's pid.</summary>
    Create = 2,

    /// <summary>Daemon: no body.</summary>
    Start = 3,

    /// <summary>Daemon: exec ID or null, <see cref="MonitorAttach"/>; the client's socket as descriptor.</summary>
    Attach = 4,

    /// <summary>Daemon: <see cref="MonitorExec"/>, the process as JSON; the client's socket as descriptor when there is one. The reply's value is the pid.</summary>
    Exec = 5,

    /// <summary>Daemon: exec ID or null, height, width.</summary>
    Resize = 6,

    /// <summary>Daemon: exec ID or null, signal.</summary>
    Signal = 7,

    /// <summary>Daemon: the event with this number has been dealt with. No reply.</summary>
    Acknowledge = 8,

    /// <summary>Monitor: the request of this number is done; one value.</summary>
    Done = 32,

    /// <summary>Monitor: the request of this number failed; <see cref="Failure"/>.</summary>
    Failed = 33,

    /// <summary>Monitor: <see cref="MonitorExited"/>; the number is the event's.</summary>
    Exited = 64,

    /// <summary>Monitor: <see cref="MonitorExecExited"/>.</summary>
    ExecExited = 65,

    /// <summary>Monitor: <see cref="MonitorDetached"/>.</summary>
    Detached = 66,

    /// <summary>Monitor: <see cref="MonitorOutOfMemory"/>; no body.</summary>
    OutOfMemory = 67,
}
