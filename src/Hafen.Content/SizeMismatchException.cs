using Hafen.Errors;
using Hafen.Oci;

namespace Hafen.Content;

/// <summary>Content that has more or fewer bytes than it should.</summary>
/// <param name="digest">Whose they are.</param>
/// <param name="expected">Bytes.</param>
/// <param name="found">Bytes; of a sender who does not stop those that were counted.</param>
public sealed class SizeMismatchException(Digest digest, long expected, long found)
    : HafenException(ErrorKind.InvalidParameter, $"size mismatch: expected {expected} bytes of {digest}, got {found}")
{
    public long Expected { get; } = expected;

    public long Found { get; } = found;
}
