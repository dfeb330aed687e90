using Hafen.Errors;

namespace Hafen.Linux.Procfs;

/// <summary>Arguments for <c>ps</c> that are not understood; the message names the argument.</summary>
public sealed class ProcessTableException(string message) : HafenException(ErrorKind.InvalidParameter, message);
