using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

public static class TagImage
{
    /// <summary>Gives an image a further name.</summary>
    /// <param name="repository">Repository, for example <c>registry:5000/team/app</c>.</param>
    /// <param name="tag">Null or empty for <c>latest</c>.</param>
    /// <exception cref="EngineException">There is no such image, or the new name is malformed.</exception>
    public static void Tag(this ImageEngine engine, string reference, string? repository, string? tag)
    {
        var name = ImageNames.Compose(repository, tag);
        if (name.FamiliarName == "sha256")
            throw EngineException.InvalidParameter("refusing to create an ambiguous tag using digest algorithm as name");
        var image = engine.Get(reference);
        engine.Store.Tag(image, name);
        engine.Publish("tag", image.Id.ToString(), name.Familiar, image.Config);
    }
}
