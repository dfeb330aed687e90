using Microsoft.Extensions.Logging;

namespace Hafen.Engine;

/// <summary>What the engine writes to the daemon's log.</summary>
internal static partial class EngineLog
{
    [LoggerMessage(Level = LogLevel.Debug, Message = "created container {Id} in {Milliseconds:F2} ms (image {Image:F2}, snapshot {Snapshot:F2}, files {Files:F2})")]
    public static partial void Created(ILogger log, string id, double milliseconds, double image, double snapshot, double files);

    [LoggerMessage(Level = LogLevel.Debug, Message = "started container {Id}: {Timing}")]
    public static partial void Started(ILogger log, string id, string timing);

    [LoggerMessage(Level = LogLevel.Debug, Message = "container {Id} ended with exit code {ExitCode}")]
    public static partial void Ended(ILogger log, string id, int exitCode);

    [LoggerMessage(Level = LogLevel.Warning, Message = "container {Id}: the monitor has gone without a word about the exit: {Reason}")]
    public static partial void MonitorLost(ILogger log, string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "container {Id}: the connection to its monitor was lost and made again")]
    public static partial void MonitorFoundAgain(ILogger log, string id);

    [LoggerMessage(Level = LogLevel.Warning, Message = "container {Id}: its processes are gone and its monitor (process {Pid}) says nothing; the monitor is killed")]
    public static partial void MonitorKilled(ILogger log, string id, int pid);

    [LoggerMessage(Level = LogLevel.Warning, Message = "container {Id}: {Count} lines of its log are lost, because they could not be written")]
    public static partial void LogLinesLost(ILogger log, string id, long count);

    [LoggerMessage(Level = LogLevel.Information, Message = "container {Id}: signal {Signal} was not sent: {Reason}")]
    public static partial void SignalNotSent(ILogger log, string id, int signal, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "container {Id}: {Step} failed: {Reason}")]
    public static partial void StepFailed(ILogger log, string id, string step, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "container {Id}: restart failed")]
    public static partial void RestartFailed(ILogger log, Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "container {Id}: removal failed")]
    public static partial void RemovalFailed(ILogger log, Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "container {Id}: its end could not be dealt with")]
    public static partial void ExitFailed(ILogger log, Exception exception, string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "work in the background failed: {Name}")]
    public static partial void BackgroundWorkFailed(ILogger log, Exception exception, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} containers found, {Running} running")]
    public static partial void Reconciled(ILogger log, int count, int running);

    [LoggerMessage(Level = LogLevel.Information, Message = "removed a leftover: {What}")]
    public static partial void LeftoverRemoved(ILogger log, string what);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a leftover could not be removed: {What}: {Reason}")]
    public static partial void LeftoverKept(ILogger log, string what, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "container {Id} is left alone: {Reason}")]
    public static partial void ContainerUnreadable(ILogger log, string id, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Warning}")]
    public static partial void HostWarning(ILogger log, string warning);

    [LoggerMessage(Level = LogLevel.Error, Message = "the default bridge does not work, networks none and host do: {Reason}")]
    public static partial void NetworksFailed(ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "container {Id} did not end within {Seconds} s of signal {Signal}; it is killed")]
    public static partial void KilledAfterTimeout(ILogger log, string id, int seconds, int signal);
}
