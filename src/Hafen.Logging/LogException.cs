using Hafen.Errors;

namespace Hafen.Logging;

/// <summary>What is wrong with the log that a container is to have.</summary>
public sealed class LogException(ErrorKind kind, string message, Exception? inner = null) : HafenException(kind, message, inner);
