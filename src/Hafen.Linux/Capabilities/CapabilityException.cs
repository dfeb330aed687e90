using Hafen.Errors;

namespace Hafen.Linux.Capabilities;

/// <summary>A capability name that is unknown or cannot be given; the message is Docker's.</summary>
public sealed class CapabilityException(string message) : HafenException(ErrorKind.InvalidParameter, message);
