using Hafen.Images;
using Hafen.Oci;

namespace Hafen.Engine.Images;

/// <summary>What stands in the way of a removal, in Docker's words. Pure.</summary>
internal static class RemovalConflict
{
    private const int ShortLength = 12;

    /// <param name="reference">As the client wrote it.</param>
    /// <param name="uses">Uses of this image.</param>
    /// <returns>Null when the image or its name may be removed.</returns>
    public static EngineException? Find(string reference, Image image, IReadOnlyList<ImageUse> uses, bool force)
    {
        if (!IsIdPrefix(image.Id, reference))
        {
            // Other names keep the image.
            if (image.Tags.Count > 1 || uses.Count == 0)
                return null;
            return force ? null : EngineException.Conflict(
                $"conflict: unable to remove repository reference \"{reference}\" (must force) - container {Short(uses[0].ContainerId)} "
                + $"is using its referenced image {image.Id.Hex[..ShortLength]}");
        }
        if (Running(image, uses) is { } running)
            return running;
        if (force)
            return null;
        if (image.Tags.Select(tag => tag.FamiliarName).Distinct().Count() > 1 || image.Tags.Count > 1)
            return Refuse(image, "must be forced", "image is referenced in multiple repositories");
        return uses.Count > 0 ? Refuse(image, "must be forced", $"image is being used by stopped container {Short(uses[0].ContainerId)}") : null;
    }

    /// <summary>Whether only the name goes, because a running container needs the image that would otherwise go with it.</summary>
    public static bool KeepsImage(string reference, Image image, IReadOnlyList<ImageUse> uses)
        => !IsIdPrefix(image.Id, reference) && uses.Any(use => use.Running);

    /// <summary>Whether the client named the image by its ID or the beginning of it.</summary>
    public static bool IsIdPrefix(Digest id, string reference)
        => id.ToString().StartsWith(reference, StringComparison.Ordinal) || id.Hex.StartsWith(reference, StringComparison.Ordinal);

    private static EngineException? Running(Image image, IReadOnlyList<ImageUse> uses)
        => uses.FirstOrDefault(use => use.Running) is { } running
            ? Refuse(image, "cannot be forced", $"image is being used by running container {Short(running.ContainerId)}")
            : null;

    private static EngineException Refuse(Image image, string force, string why)
        => EngineException.Conflict($"conflict: unable to delete {image.Id.Hex[..ShortLength]} ({force}) - {why}");

    private static string Short(string id) => id.Length > ShortLength ? id[..ShortLength] : id;
}
