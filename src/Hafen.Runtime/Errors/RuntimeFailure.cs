namespace Hafen.Runtime.Errors;

/// <summary>What kind of failure: decides exit codes and HTTP statuses without a look at the text.</summary>
public enum RuntimeFailureKind : byte
{
    /// <summary>The kernel refused something.</summary>
    System = 0,
    /// <summary>The specification or the request is wrong, or asks for what this runtime does not do.</summary>
    InvalidArgument = 1,
    /// <summary>The command was not found: exit code 127.</summary>
    CommandNotFound = 2,
    /// <summary>The command cannot be executed: exit code 126.</summary>
    CommandNotExecutable = 3,
    /// <summary>The container does not run.</summary>
    NotRunning = 4,
}

/// <summary>An error as data.</summary>
/// <param name="Kind">Which class of failure.</param>
/// <param name="Errno">The errno, or 0.</param>
/// <param name="Stage">The step that failed, for example <c>mount proc at /proc</c>.</param>
/// <param name="Message">For people; in runc's wording where Docker's clients match on it.</param>
public sealed record RuntimeFailure(RuntimeFailureKind Kind, int Errno, string Stage, string Message);

/// <summary>A failed create, start or exec.</summary>
public sealed class RuntimeException(RuntimeFailure failure) : Exception(failure.Message)
{
    public RuntimeException(RuntimeFailureKind kind, string stage, string message, int errno = 0)
        : this(new RuntimeFailure(kind, errno, stage, message))
    {
    }

    public RuntimeFailure Failure { get; } = failure;
}
