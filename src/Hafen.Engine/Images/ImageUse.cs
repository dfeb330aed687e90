using Hafen.Oci;

namespace Hafen.Engine.Images;

/// <summary>A container's use of an image.</summary>
/// <param name="ContainerId">Full ID.</param>
/// <param name="Image">The image's ID.</param>
/// <param name="Running">Whether the container runs or is paused.</param>
public sealed record ImageUse(string ContainerId, Digest Image, bool Running);
