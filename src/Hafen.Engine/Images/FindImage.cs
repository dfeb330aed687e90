using Hafen.Images;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>Finds the image that a client means.</summary>
public sealed class FindImage(IImageStore images)
{
    /// <param name="reference">Name, ID or the beginning of an ID.</param>
    /// <exception cref="EngineException">There is none.</exception>
    /// <exception cref="ImageException">The reference is malformed, or the beginning of several IDs.</exception>
    public Image Run(string reference)
        => images.Find(reference) ?? throw EngineException.NotFound($"No such image: {Familiar(reference)}");

    private static string Familiar(string reference)
        => !Digest.TryParse(reference, out _) && ImageReference.TryParse(reference, out var parsed, out _) ? parsed.Familiar : reference;
}
