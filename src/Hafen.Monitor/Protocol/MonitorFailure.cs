namespace Hafen.Monitor.Protocol;

/// <summary>What kind of failure a monitor reports; decides exit code and HTTP status without a look at the text.</summary>
public enum MonitorFailureKind : byte
{
    /// <summary>Anything else: the kernel refused something.</summary>
    System = 0,
    /// <summary>config.json or the request is wrong.</summary>
    InvalidArgument = 1,
    /// <summary>The command was not found: exit code 127.</summary>
    CommandNotFound = 2,
    /// <summary>The command cannot be executed: exit code 126.</summary>
    CommandNotExecutable = 3,
    /// <summary>The container or exec does not run.</summary>
    NotRunning = 4,
    /// <summary>The monitor's release does not know the request.</summary>
    Unsupported = 5,
    /// <summary>The monitor came to the request too late and has not carried it out.</summary>
    TooLate = 6,
}

/// <summary>An error between processes: data, never text to search.</summary>
/// <param name="Kind">Which class of failure.</param>
/// <param name="Errno">The errno, or 0.</param>
/// <param name="Stage">The step that failed, for example <c>mount /proc</c>.</param>
/// <param name="Message">For people.</param>
public sealed record MonitorFailure(MonitorFailureKind Kind, int Errno, string Stage, string Message);
