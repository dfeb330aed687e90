using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>Gives an image a further name.</summary>
public sealed class TagImage(IImageStore images, FindImage find, ImageEvents events)
{
    /// <param name="reference">Name, ID or the beginning of an ID.</param>
    /// <param name="repository">Repository, for example <c>registry:5000/team/app</c>.</param>
    /// <param name="tag">Null or empty for <c>latest</c>.</param>
    /// <exception cref="EngineException">There is no such image, or the new name is malformed.</exception>
    public void Run(string reference, string? repository, string? tag)
    {
        var name = ImageNames.Compose(repository, tag);
        if (name.FamiliarName == "sha256")
            throw EngineException.InvalidParameter("refusing to create an ambiguous tag using digest algorithm as name");
        var image = find.Run(reference);
        images.Tag(image, name);
        events.Publish("tag", image, name.Familiar);
    }
}
