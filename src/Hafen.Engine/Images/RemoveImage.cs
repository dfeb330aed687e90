using Hafen.Api;
using Hafen.Images;

namespace Hafen.Engine.Images;

public static class RemoveImage
{
    /// <summary>Takes a name off an image and, with its last name or by ID, removes the image and the layers nothing else needs.</summary>
    /// <exception cref="EngineException">There is none of that name, or a container uses it.</exception>
    public static ImageDeleteResponse[] Remove(this ImageEngine engine, string reference, bool force, bool prune)
    {
        if (string.IsNullOrWhiteSpace(reference)) throw EngineException.InvalidParameter("image name cannot be blank");
        var image = engine.Get(reference);
        var uses = engine.Uses().Where(use => use.Image == image.Id).ToList();
        if (RemovalConflict.Find(reference, image, uses, force) is { } conflict) throw conflict;
        return engine.RemoveChecked(image, reference, force, prune);
    }

    /// <summary>Removes what has been found removable, and tells of it.</summary>
    internal static ImageDeleteResponse[] RemoveChecked(this ImageEngine engine, Image image, string reference, bool force, bool prune)
    {
        var removals = engine.Store.Remove(reference, force, prune);
        string id = image.Id.ToString();
        foreach (var removal in removals)
        {
            if (removal.Untagged is not null) engine.Publish("untag", id, id, image.Config);
            else if (removal.Deleted == id) engine.Publish("delete", id, id, image.Config);
        }
        return [.. removals.Select(removal => new ImageDeleteResponse { Untagged = removal.Untagged, Deleted = removal.Deleted })];
    }
}
