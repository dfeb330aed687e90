using Hafen.Oci;

namespace Hafen.Content;

/// <summary>A blob that is needed for its own sake, and with it what it refers to (image-spec: index → manifests → config and layers).</summary>
/// <param name="MediaType">Of an index or a manifest: the document is read and followed. Anything else stands for itself.</param>
public readonly record struct ContentRoot(Digest Digest, string? MediaType);
