using Hafen.Api;

namespace Hafen.Engine.Images;

/// <summary>Shows how an image was made.</summary>
public sealed class ListImageHistory(FindImage find, ImageLayers layers)
{
    /// <returns>The steps, the newest first; each that made a layer has its size.</returns>
    /// <exception cref="EngineException">There is no such image.</exception>
    public ImageHistoryItem[] Run(string reference)
    {
        var image = find.Run(reference);
        var sizes = new Queue<long>(layers.Chain(image).Select(layers.Size));
        var items = new List<ImageHistoryItem>();
        foreach (var step in image.Config.History ?? [])
        {
            items.Insert(0, new ImageHistoryItem
            {
                Id = "<missing>",
                Created = step.Created?.ToUnixTimeSeconds() ?? 0,
                CreatedBy = step.CreatedBy,
                Comment = step.Comment,
                Size = step.EmptyLayer != true && sizes.TryDequeue(out long size) ? size : 0,
            });
        }
        if (items.Count > 0)
            items[0] = items[0] with { Id = image.Id.ToString(), Tags = image.Tags.Count > 0 ? ImageTags.Familiar(image) : null };
        return [.. items];
    }
}
