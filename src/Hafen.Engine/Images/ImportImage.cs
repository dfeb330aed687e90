using Hafen.Dockerfile;
using Hafen.Images;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>How an imported root file system becomes an image.</summary>
public sealed record ImportImageRequest
{
    public string? Repository { get; init; }
    public string? Tag { get; init; }

    /// <summary>Comment in the history.</summary>
    public string? Message { get; init; }

    /// <summary>Instructions of a Dockerfile that set the image's defaults, <c>CMD ["sh"]</c> for example.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary><c>os/architecture[/variant]</c>; null for this host's.</summary>
    public string? Platform { get; init; }
}

/// <summary>Makes an image of one layer from a root file system.</summary>
public sealed class ImportImage(IImageStore images, ImageEvents events)
{
    /// <summary>Name and changes are checked before anything is read.</summary>
    /// <param name="tar">The root file system, plain or compressed.</param>
    /// <param name="request">What it is to be.</param>
    /// <exception cref="EngineException">Name or platform is malformed, or a change says what cannot be.</exception>
    /// <exception cref="DockerfileException">A change is malformed.</exception>
    /// <exception cref="ImageException">The archive is broken, or is none.</exception>
    public async Task<Image> RunAsync(Stream tar, ImportImageRequest request, CancellationToken cancellationToken)
    {
        var name = string.IsNullOrEmpty(request.Repository) ? null : ImageNames.Compose(request.Repository, request.Tag);
        var defaults = ImageChanges.Apply(new ImageProcessConfig(), request.Changes);
        var platform = ImagePlatform.Parse(request.Platform);
        var config = new ImageConfig
        {
            Os = platform.Os,
            Architecture = platform.Architecture,
            Variant = platform.Variant,
            Config = defaults,
        };
        var image = await images.ImportAsync(tar, name, config, request.Message, cancellationToken);
        events.Publish("import", image);
        if (name is not null)
            events.Publish("tag", image, name.Familiar);
        return image;
    }
}
