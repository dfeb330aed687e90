using Hafen.Errors;

namespace Hafen.Volumes;

/// <summary>A volume operation that failed for a reason of the caller's. The message is Docker's where clients match on it.</summary>
public sealed class VolumeException(ErrorKind kind, string message, Exception? inner = null) : HafenException(kind, message, inner);
