using Hafen.Errors;

namespace Hafen.Engine;

/// <summary>A use case that failed. The message is Docker's where clients match on it.</summary>
public sealed class EngineException(ErrorKind kind, string message, Exception? inner = null) : HafenException(kind, message, inner)
{
    public static EngineException NotFound(string message) => new(ErrorKind.NotFound, message);
    public static EngineException Conflict(string message) => new(ErrorKind.Conflict, message);
    public static EngineException InvalidParameter(string message) => new(ErrorKind.InvalidParameter, message);
    public static EngineException NotImplemented(string message) => new(ErrorKind.NotImplemented, message);
}
