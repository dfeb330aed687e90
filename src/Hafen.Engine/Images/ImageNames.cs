using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>Names as requests give them, in two parts.</summary>
public static class ImageNames
{
    /// <summary>Puts repository and tag together; a tag inside <paramref name="repository"/> gives way to <paramref name="tag"/>.</summary>
    /// <exception cref="EngineException">Malformed.</exception>
    public static ImageReference Compose(string? repository, string? tag)
    {
        if (!ImageReference.TryParse(repository ?? "", out var name, out string? error))
            throw EngineException.InvalidParameter(error);
        if (name.Digest is not null)
            throw EngineException.InvalidParameter("refusing to create a tag with a digest reference");
        if (string.IsNullOrEmpty(tag))
            return name;
        if (!ImageReference.IsTag(tag))
            throw EngineException.InvalidParameter("invalid tag format");
        return name with { Tag = tag };
    }
}
