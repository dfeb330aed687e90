using Hafen.Errors;

namespace Hafen.Linux.Nftables;

/// <summary>nftables refused commands, or its library is missing. The message is the library's own, with the place in the commands.</summary>
public sealed class NftablesException(string message, Exception? inner = null) : HafenException(ErrorKind.System, message, inner);
