using Microsoft.Extensions.Logging;

namespace Hafen.Daemon.Lifetime;

/// <summary>What the daemon says about its own life.</summary>
internal static partial class DaemonLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "API listen on {EndPoint}")]
    public static partial void Listening(ILogger log, string endPoint);

    [LoggerMessage(Level = LogLevel.Information, Message = "Daemon has completed initialization in {Milliseconds:F1} ms")]
    public static partial void Ready(ILogger log, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "Processing signal: the daemon ends, containers {Fate}")]
    public static partial void Stopping(ILogger log, string fate);

    [LoggerMessage(Level = LogLevel.Information, Message = "Daemon shutdown complete")]
    public static partial void Stopped(ILogger log);

    [LoggerMessage(Level = LogLevel.Information, Message = "Configuration read again: log level {Level}")]
    public static partial void Reloaded(ILogger log, LogLevel level);

    [LoggerMessage(Level = LogLevel.Error, Message = "Configuration not changed: {Reason}")]
    public static partial void NotReloaded(ILogger log, string reason);
}
