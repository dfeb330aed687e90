using Hafen.Images.Names;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Save;

/// <summary>An image to save, and the names it goes by in the archive.</summary>
/// <param name="Image">What is saved.</param>
/// <param name="Config">Its configuration's bytes.</param>
/// <param name="Names">In the order they were asked for.</param>
internal sealed record SelectedImage(CatalogImage Image, byte[] Config, List<ImageReference> Names);

/// <summary>Decides what <c>save</c> writes.</summary>
internal static class SaveSelection
{
    /// <summary>A name without tag stands for all tags of the repository; an ID for the image without names. Each image comes once.</summary>
    /// <param name="config">Reads the configuration of an image.</param>
    /// <exception cref="ImageException">Something is not there.</exception>
    public static IReadOnlyList<SelectedImage> Select(ImageCatalog catalog, IReadOnlyList<string> texts, Func<Digest, byte[]> config)
    {
        List<SelectedImage> selection = [];
        Dictionary<Digest, SelectedImage> byId = [];
        HashSet<(Digest, ImageReference)> named = [];
        foreach (string text in texts)
        {
            if (ImageReference.TryParseName(text, out var name, out _) && name.Tag is null && name.Digest is null)
            {
                var tags = catalog.References.Keys.Where(r => r.Tag is not null && r.Domain == name.Domain && r.Path == name.Path)
                    .OrderBy(r => r.Tag, StringComparer.Ordinal).ToList();
                foreach (var tag in tags)
                    Add(catalog.References[tag], tag);
                if (tags.Count > 0)
                    continue;
            }

            var id = FindImage.Find(catalog, text, out var byName) ?? throw FindImage.NotFound(text);
            Add(id, byName is { Tag: not null } ? byName : null);
        }

        return selection;

        void Add(Digest id, ImageReference? name)
        {
            if (!byId.TryGetValue(id, out var selected))
                selection.Add(selected = byId[id] = new SelectedImage(catalog.Images[id], config(id), []));
            if (name is not null && named.Add((id, name)))
                selected.Names.Add(name);
        }
    }
}
