using Hafen.Errors;
using Hafen.Oci;

namespace Hafen.Content;

/// <summary>Content whose bytes have another digest than they should.</summary>
public sealed class DigestMismatchException(Digest expected, Digest found)
    : HafenException(ErrorKind.InvalidParameter, $"digest mismatch: expected {expected}, got {found}")
{
    public Digest Expected { get; } = expected;

    public Digest Found { get; } = found;
}
