using Hafen.Errors;

namespace Hafen.Linux.Cgroups;

/// <summary>A request that this host's cgroups cannot fulfil, or a kernel refusal of a value. The message is meant for the user.</summary>
public sealed class CgroupException(string message, Exception? inner = null) : HafenException(ErrorKind.System, message, inner);
