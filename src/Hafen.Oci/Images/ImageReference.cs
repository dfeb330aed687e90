namespace Hafen.Oci.Images;

/// <summary>
/// A normalised image reference: <c>docker.io/library/busybox:latest</c> for <c>busybox</c>
/// (distribution-spec and github.com/distribution/reference grammar).
/// </summary>
/// <param name="Domain">Registry host with port, <c>docker.io</c> when absent in the text.</param>
/// <param name="Path">Repository path, <c>library/</c> put before one-word names of docker.io.</param>
/// <param name="Tag">Tag, or null for a pure digest reference.</param>
/// <param name="Digest">Digest, or null.</param>
public sealed partial record ImageReference(string Domain, string Path, string? Tag, Digest? Digest);
