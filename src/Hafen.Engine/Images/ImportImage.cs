using Hafen.Engine.Images.Changes;
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

public static class ImportImage
{
    /// <summary>Makes an image of one layer. Name and changes are checked before anything is read.</summary>
    public static async Task<Image> ImportAsync(this ImageEngine engine, Stream tar, ImportImageRequest request, CancellationToken cancellationToken)
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
        var image = await engine.Store.ImportAsync(tar, name, config, request.Message, cancellationToken).ConfigureAwait(false);
        string id = image.Id.ToString();
        engine.Publish("import", id, id, image.Config);
        if (name is not null) engine.Publish("tag", id, name.Familiar, image.Config);
        return image;
    }
}
