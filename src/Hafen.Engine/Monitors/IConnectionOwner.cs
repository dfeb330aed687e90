using Hafen.Monitor.Protocol;

namespace Hafen.Engine.Monitors;

/// <summary>Whom a connection to a monitor tells what comes over it, in order, on the receiver's thread: nothing here may block.</summary>
internal interface IConnectionOwner
{
    /// <summary>The monitor has said who it is; first on every connection.</summary>
    /// <returns>Why this greeting is not the one expected; the connection is then closed. Null when it is.</returns>
    string? Greeted(MonitorConnection connection, MonitorHello hello);

    /// <summary>Anything else has come: it answers.</summary>
    void Answered(MonitorConnection connection);

    void Happened(MonitorConnection connection, MonitorEvent happened, uint number);

    /// <summary>Called once; nothing follows.</summary>
    void Lost(MonitorConnection connection, string reason);
}
