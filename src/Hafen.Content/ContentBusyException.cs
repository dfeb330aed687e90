using Hafen.Errors;
using Hafen.Oci;

namespace Hafen.Content;

/// <summary>Somebody else has been writing the blob for longer than one waits for it.</summary>
public sealed class ContentBusyException(Digest digest) : HafenException(ErrorKind.Unavailable, $"{digest} is being received by somebody else");
