using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Names;

/// <summary>What <c>rmi</c> will do: names to take off, and whether the image goes with them.</summary>
/// <param name="Untag">In this order.</param>
/// <param name="Delete">The image itself goes.</param>
internal sealed record RemovalPlan(Digest Id, IReadOnlyList<ImageReference> Untag, bool Delete)
{
    /// <summary>Decides by Docker's rules.</summary>
    /// <param name="byName">The name the image was asked by, null for an ID.</param>
    /// <exception cref="ImageException">An ID whose image is known under several repositories, without force.</exception>
    public static RemovalPlan Make(Digest id, IReadOnlyList<ImageReference> references, ImageReference? byName, bool force)
    {
        if (byName is null)
        {
            if (!force && !IsSingle(references))
            {
                throw new ImageException(
                    ErrorKind.Conflict,
                    $"conflict: unable to delete {id.Hex[..12]} (must be forced) - image is referenced in multiple repositories");
            }

            return new RemovalPlan(id, references, Delete: true);
        }

        List<ImageReference> untag = [byName];
        var rest = references.Where(r => r != byName).ToList();
        // Digests of a repository whose last tag goes are of no use to anybody.
        if (byName.Tag is not null && rest.TrueForAll(r => r.Tag is null || !SameRepository(r, byName)))
        {
            untag.AddRange(rest.Where(r => r.Tag is null && SameRepository(r, byName)));
            rest.RemoveAll(r => r.Tag is null && SameRepository(r, byName));
        }

        return new RemovalPlan(id, untag, rest.Count == 0);
    }

    /// <summary>One tag, or digests of one repository, or one tag and digests of its repository.</summary>
    private static bool IsSingle(IReadOnlyList<ImageReference> references)
        => references.Count <= 1 || (references.Count(r => r.Tag is not null) <= 1 && references.All(r => SameRepository(r, references[0])));

    private static bool SameRepository(ImageReference a, ImageReference b) => a.Domain == b.Domain && a.Path == b.Path;
}
