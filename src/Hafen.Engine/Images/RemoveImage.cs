using Hafen.Api;
using Hafen.Images;

namespace Hafen.Engine.Images;

public static class RemoveImage
{
    /// <summary>Takes a name off an image and, with its last name or by ID, removes the image and the layers nothing else needs.</summary>
    /// <exception cref="EngineException">There is none of that name, or a container uses it.</exception>
    public static ImageDeleteResponse[] Remove(this ImageEngine engine, string reference, bool force)
    {
        if (string.IsNullOrWhiteSpace(reference)) throw EngineException.InvalidParameter("image name cannot be blank");
        var image = engine.Get(reference);
        var uses = engine.Uses().Where(use => use.Image == image.Id).ToList();
        if (RemovalConflict.Find(reference, image, uses, force) is { } conflict) throw conflict;
        bool keep = RemovalConflict.KeepsImage(reference, image, uses);
        return engine.Tell(image, keep ? engine.Store.Untag(reference) : engine.Store.Remove(reference, force));
    }

    /// <summary>Tells of removals and shows them as the API does.</summary>
    internal static ImageDeleteResponse[] Tell(this ImageEngine engine, Image image, IReadOnlyList<ImageRemoval> removals)
    {
        string id = image.Id.ToString();
        foreach (var removal in removals)
        {
            if (removal.Untagged is not null) engine.Publish("untag", id, id, image.Config);
            else if (removal.Deleted == id) engine.Publish("delete", id, id, image.Config);
        }
        return [.. removals.Select(removal => new ImageDeleteResponse { Untagged = removal.Untagged, Deleted = removal.Deleted })];
    }
}
