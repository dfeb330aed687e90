using Hafen.Images;

namespace Hafen.Engine.Images;

public static class LoadImages
{
    /// <summary>Loads an archive; nothing is changed when it is broken.</summary>
    public static async Task<LoadResult> LoadAsync(
        this ImageEngine engine, Stream archive, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        var result = await engine.Store.LoadAsync(archive, progress, cancellationToken).ConfigureAwait(false);
        foreach (var image in result.Images)
        {
            string id = image.Id.ToString();
            string[] names = [.. ImageTags.Familiar(image).Intersect(result.References)];
            foreach (string name in names.Length > 0 ? names : [id]) engine.Publish("load", id, name, image.Config);
        }
        return result;
    }
}
