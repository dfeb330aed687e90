using Hafen.Oci;

namespace Hafen.Engine.Images;

public static class ImageUses
{
    /// <summary>Which containers use which image now.</summary>
    public static IReadOnlyList<ImageUse> UsesOfImages(this ContainerEngine engine)
    {
        var uses = new List<ImageUse>();
        foreach (var container in engine.Store.All)
        {
            if (Digest.TryParse(container.Record.ImageId, out var image)) uses.Add(new ImageUse(container.Id, image, container.IsRunning));
        }
        return uses;
    }
}
