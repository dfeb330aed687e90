using Hafen.Oci;

namespace Hafen.Content;

/// <param name="Expected">Of the whole blob.</param>
/// <param name="Received">Bytes.</param>
/// <param name="Changed">When the last of them came.</param>
public sealed record PartialContent(Digest Expected, long Received, DateTimeOffset Changed);
