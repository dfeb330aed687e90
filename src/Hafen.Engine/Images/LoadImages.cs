using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>Takes images out of an archive.</summary>
public sealed class LoadImages(IImageStore images, ImageEvents events)
{
    /// <summary>Nothing is changed when the archive is broken.</summary>
    /// <param name="archive">Read once from front to end.</param>
    /// <param name="progress">Told per layer.</param>
    /// <exception cref="ImageException">The archive is broken, or is none.</exception>
    public async Task<LoadResult> RunAsync(Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        var result = await images.LoadAsync(archive, progress, cancellationToken);
        foreach (var image in result.Images)
        {
            string[] names = [.. ImageTags.Familiar(image).Intersect(result.References)];
            foreach (string name in names.Length > 0 ? names : [image.Id.ToString()])
                events.Publish("load", image, name);
        }
        return result;
    }
}
