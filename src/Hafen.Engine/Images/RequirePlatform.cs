namespace Hafen.Engine.Images;

/// <summary>Sees that an image is for the platform that a client speaks of.</summary>
public sealed class RequirePlatform(FindImage find)
{
    /// <exception cref="EngineException">There is no such image, or it is for another platform.</exception>
    public void Run(string reference, ImagePlatform platform) => platform.Require(reference, find.Run(reference).Config);
}
