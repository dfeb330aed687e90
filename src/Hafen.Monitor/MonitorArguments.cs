namespace Hafen.Monitor;

/// <summary>The command line of <c>hafen-runtime monitor</c>, for those who start it.</summary>
public static class MonitorArguments
{
    /// <summary>Followed by the container's ID.</summary>
    public const string Id = "--id";

    /// <summary>Followed by the container's state folder.</summary>
    public const string State = "--state";

    /// <summary>Alone: a rotated log file, open already, is compressed into another, and nothing else is done.</summary>
    public const string CompressLog = "--compress-log";

    /// <summary>The descriptor of the connection to the daemon that started the monitor.</summary>
    public const int Connection = 3;
}
