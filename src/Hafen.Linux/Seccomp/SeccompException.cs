using Hafen.Errors;

namespace Hafen.Linux.Seccomp;

/// <summary>A profile that is malformed or cannot be compiled here; the message is meant for the user.</summary>
public sealed class SeccompException(string message, Exception? inner = null) : HafenException(ErrorKind.InvalidParameter, message, inner);
