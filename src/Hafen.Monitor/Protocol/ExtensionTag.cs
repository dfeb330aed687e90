namespace Hafen.Monitor.Protocol;

/// <summary>What an extension says. A tag is never used for anything else later.</summary>
public enum ExtensionTag : ushort
{
    /// <summary>Monitor, in its greeting: <see cref="MessageWriter.Minor"/> of its release.</summary>
    ProtocolMinor = 1,

    /// <summary>
    /// Daemon, in a request: milliseconds of <see cref="MonotonicClock"/>. A monitor that comes to it later does not carry it out any more: the daemon has given
    /// the request up and gone another way.
    /// </summary>
    AnswerBefore = 2,

    /// <summary>Daemon, with the request for a container: <see cref="Logging.LogTarget.Options"/>, texts. Absent when there are none.</summary>
    LogOptions = 3,

    /// <summary>Monitor, with the end of its container: <see cref="MonitorExited.LostLogLines"/>. Absent when none was lost.</summary>
    LostLogLines = 4,
}
