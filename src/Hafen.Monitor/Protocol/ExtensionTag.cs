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
}
