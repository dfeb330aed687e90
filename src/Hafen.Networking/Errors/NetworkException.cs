namespace Hafen.Networking;

/// <summary>Kinds of failure in the networking room; the engine maps them to its own.</summary>
public enum NetworkErrorKind
{
    /// <summary>The kernel or the host refused something.</summary>
    System,
    /// <summary>The caller asked for something that cannot be.</summary>
    InvalidParameter,
    /// <summary>No such network.</summary>
    NotFound,
    /// <summary>The requested address belongs to another container.</summary>
    Forbidden,
    /// <summary>The prefix of an ID fits several networks.</summary>
    Ambiguous,
    /// <summary>No address is left.</summary>
    Unavailable,
}

/// <summary>A network operation that failed. The message is Docker's where clients match on it.</summary>
public sealed class NetworkException(NetworkErrorKind kind, string message, Exception? inner = null) : Exception(message, inner)
{
    public NetworkErrorKind Kind { get; } = kind;
}
