using Hafen.Errors;

namespace Hafen.Runtime.Errors;

/// <summary>A failed create, start or exec.</summary>
public sealed class RuntimeException(Failure failure) : HafenException(failure.Kind, failure.Message)
{
    public RuntimeException(ErrorKind kind, string stage, string message, int errno = 0)
        : this(new Failure(kind, errno, stage, message))
    {
    }

    public Failure Failure { get; } = failure;
}
