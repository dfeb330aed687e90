using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>An image's names as people read them.</summary>
internal static class ImageTags
{
    public static string[] Familiar(Image image) => [.. image.Tags.Select(tag => tag.Familiar)];

    /// <summary>Whether nothing names the image.</summary>
    public static bool IsDangling(Image image) => image.Tags.Count == 0 && image.RepoDigests.Count == 0;
}
