namespace Hafen.Errors;

/// <summary>A failure that says of what kind it is. Each room's exceptions derive from this one; the message is for people, in Docker's words where clients match on it.</summary>
public abstract class HafenException(ErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public ErrorKind Kind { get; } = kind;
}
