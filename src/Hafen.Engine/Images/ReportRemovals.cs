using Hafen.Api;
using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>Tells of names and images that are gone, and shows them as the API does.</summary>
public sealed class ReportRemovals(ImageEvents events)
{
    /// <param name="image">The image as it was before.</param>
    /// <param name="removals">What the store has taken away of it.</param>
    public ImageDeleteResponse[] Run(Image image, IReadOnlyList<ImageRemoval> removals)
    {
        string id = image.Id.ToString();
        foreach (var removal in removals)
        {
            if (removal.Untagged is not null)
                events.Publish("untag", image);
            else if (removal.Deleted == id)
                events.Publish("delete", image);
        }
        return [.. removals.Select(removal => new ImageDeleteResponse { Untagged = removal.Untagged, Deleted = removal.Deleted })];
    }
}
