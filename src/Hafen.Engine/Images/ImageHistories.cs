using Hafen.Api;

namespace Hafen.Engine.Images;

public static class ImageHistories
{
    /// <summary>How an image was made, the newest step first; each step that made a layer has its size.</summary>
    /// <exception cref="EngineException">There is none of that name.</exception>
    public static ImageHistoryItem[] History(this ImageEngine engine, string reference)
    {
        var image = engine.Get(reference);
        var layers = new Queue<long>(engine.Chain(image).Select(layer => engine.Snapshots.GetLayer(layer).Size));
        var items = new List<ImageHistoryItem>();
        foreach (var step in image.Config.History ?? [])
        {
            items.Insert(0, new ImageHistoryItem
            {
                Id = "<missing>",
                Created = step.Created?.ToUnixTimeSeconds() ?? 0,
                CreatedBy = step.CreatedBy,
                Comment = step.Comment,
                Size = step.EmptyLayer != true && layers.TryDequeue(out long size) ? size : 0,
            });
        }
        if (items.Count > 0) items[0] = items[0] with { Id = image.Id.ToString(), Tags = image.Tags.Count > 0 ? ImageTags.Familiar(image) : null };
        return [.. items];
    }
}
