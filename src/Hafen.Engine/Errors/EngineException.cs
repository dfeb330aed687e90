namespace Hafen.Engine;

/// <summary>Kinds of failure of a use case. One place maps them to HTTP status codes, one to exit codes.</summary>
public enum EngineErrorKind
{
    /// <summary>500</summary>
    System,
    /// <summary>400</summary>
    InvalidParameter,
    /// <summary>404</summary>
    NotFound,
    /// <summary>409</summary>
    Conflict,
    /// <summary>304: nothing to do.</summary>
    NotModified,
    /// <summary>403</summary>
    Forbidden,
    /// <summary>501</summary>
    NotImplemented,
    /// <summary>503</summary>
    Unavailable,
}

/// <summary>A use case that failed. The message is Docker's where clients match on it.</summary>
public sealed class EngineException(EngineErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public EngineErrorKind Kind { get; } = kind;

    public static EngineException NotFound(string message) => new(EngineErrorKind.NotFound, message);
    public static EngineException Conflict(string message) => new(EngineErrorKind.Conflict, message);
    public static EngineException InvalidParameter(string message) => new(EngineErrorKind.InvalidParameter, message);
    public static EngineException NotImplemented(string message) => new(EngineErrorKind.NotImplemented, message);
}
