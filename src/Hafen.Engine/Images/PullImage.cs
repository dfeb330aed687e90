using Hafen.Errors;
using Hafen.Images;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <param name="Image">What the name means now.</param>
/// <param name="Name">The name in full.</param>
/// <param name="Fresh">Whether the image was not there before.</param>
public sealed record PullResult(Image Image, ImageReference Name, bool Fresh);

/// <summary>
/// Fetches an image. This version has no registry client: only the image it carries with it can be had; for all others the failure says what to do.
/// </summary>
public sealed class PullImage(IImageStore images, ImageEvents events)
{
    private const string BuiltIn = "docker.io/library/hello-world:latest";

    /// <param name="image">Repository, with or without tag or digest.</param>
    /// <param name="tag">Tag or digest; null or empty for what <paramref name="image"/> says, or <c>latest</c>.</param>
    /// <exception cref="EngineException">Malformed name, or an image that is not carried along.</exception>
    public async Task<PullResult> RunAsync(string image, string? tag, CancellationToken cancellationToken)
    {
        var name = Name(image, tag);
        if (name.ToString() != BuiltIn)
        {
            throw EngineException.NotImplemented(
                $"cannot pull {name.Familiar}: this version of Hafen has no registry client; "
                + $"bring the image as an archive ('docker load -i FILE') or as a root file system ('docker import FILE {name.Familiar}')");
        }
        bool fresh = images.Find(name.Familiar) is null;
        var found = await images.LoadBuiltInAsync(name.Familiar, cancellationToken);
        events.PublishPull(name, found);
        return new PullResult(found, name, fresh);
    }

    private static ImageReference Name(string image, string? tag)
    {
        // "pull -a" of old clients leaves a colon behind.
        string text = image.TrimEnd(':');
        if (!string.IsNullOrEmpty(tag))
            text += tag.Contains(':') ? "@" + tag : ":" + tag;
        if (!ImageReference.TryParse(text, out var name, out string? error))
            throw EngineException.InvalidParameter(error);
        if (name.FamiliarName == "scratch")
            throw new EngineException(ErrorKind.Forbidden, "'scratch' is a reserved name");
        return name;
    }
}
