using Hafen.Errors;

namespace Hafen.Networking;

/// <summary>A network operation that failed. The message is Docker's where clients match on it.</summary>
public sealed class NetworkException(ErrorKind kind, string message, Exception? inner = null) : HafenException(kind, message, inner);
