namespace Hafen.Engine.Monitors;

/// <summary>A monitor that runs and cannot be talked to now: it hangs, or its socket is gone. Its container runs on, and the monitor is tried again.</summary>
public sealed class MonitorUnreachableException(string reason) : IOException(reason)
{
    internal const string NoAnswer = "it does not answer", ConnectionLost = "the connection to the container's monitor is lost";
}
