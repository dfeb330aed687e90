using Hafen.Images.Names;

namespace Hafen.Images;

public sealed partial class ImageStore
{
    public IReadOnlyList<ImageRemoval> Untag(string reference)
        => Change<IReadOnlyList<ImageRemoval>>(catalog =>
        {
            if (FindImage.Find(catalog, reference, out var byName) is not { } id || byName is null)
                throw FindImage.NotFound(reference);
            var plan = RemovalPlan.Make(id, catalog.ReferencesOf(id), byName, force: true);
            foreach (var name in plan.Untag)
                catalog = catalog.WithoutReference(name);
            return (catalog, [.. plan.Untag.Select(name => new ImageRemoval(name.Familiar, null))]);
        });
}
