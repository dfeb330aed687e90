using Hafen.Oci;

namespace Hafen.Snapshots;

/// <summary>A layer as it was written.</summary>
/// <param name="DiffId">Digest of the uncompressed tar.</param>
/// <param name="TarSize">Its bytes.</param>
public sealed record WrittenLayer(Digest DiffId, long TarSize);
