using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>Takes a name off an image and, with its last name or by ID, removes the image and the layers nothing else needs.</summary>
public sealed class RemoveImage(IImageStore images, FindImage find, ContainerUses containers, ReportRemovals report)
{
    /// <param name="reference">Name, ID or the beginning of an ID.</param>
    /// <param name="force">Although it has several names, or containers that do not run use it.</param>
    /// <exception cref="EngineException">There is no such image, or a container uses it.</exception>
    public ImageDeleteResponse[] Run(string reference, bool force)
    {
        if (string.IsNullOrWhiteSpace(reference))
            throw EngineException.InvalidParameter("image name cannot be blank");
        var image = find.Run(reference);
        var uses = containers.OfImages().Where(use => use.Image == image.Id).ToList();
        if (RemovalConflict.Find(reference, image, uses, force) is { } conflict)
            throw conflict;
        bool keep = RemovalConflict.KeepsImage(reference, image, uses);
        return report.Run(image, keep ? images.Untag(reference) : images.Remove(reference, force));
    }
}
