using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Names;

/// <summary>Finds what people mean by a text: a name, a name with a digest, an ID or the beginning of one.</summary>
internal static class FindImage
{
    /// <param name="byName">The name that was found, or null when the text is an ID.</param>
    /// <exception cref="ImageException">Malformed, or the beginning of several IDs.</exception>
    public static Digest? Find(ImageCatalog catalog, string text, out ImageReference? byName)
    {
        byName = null;
        if (Digest.TryParse(text, out var id) || Digest.TryParse("sha256:" + text, out id))
            return catalog.Images.ContainsKey(id) ? id : null;
        bool wellFormed = ImageReference.TryParse(text, out var reference, out string? error);
        if (wellFormed)
        {
            byName = FindReference(catalog, reference!);
            if (byName is not null)
                return catalog.References[byName];
        }

        string prefix = text.StartsWith("sha256:", StringComparison.Ordinal) ? text["sha256:".Length..] : text;
        if (prefix.Length is > 0 and < 64 && prefix.All(char.IsAsciiHexDigitLower))
        {
            var matches = catalog.Images.Keys.Where(k => k.Hex.StartsWith(prefix, StringComparison.Ordinal)).Take(2).ToList();
            if (matches.Count == 2)
                throw new ImageException(ErrorKind.Ambiguous, $"multiple images found with provided prefix: {prefix}");
            if (matches.Count == 1)
                return matches[0];
        }

        return wellFormed ? null : throw new ImageException(ErrorKind.InvalidParameter, error!);
    }

    /// <summary>The words for a text that names nothing, as Docker has them.</summary>
    public static ImageException NotFound(string text)
        => new(ErrorKind.NotFound, "No such image: " + (ImageReference.TryParse(text, out var reference, out _) ? reference.Familiar : text));

    private static ImageReference? FindReference(ImageCatalog catalog, ImageReference wanted)
    {
        if (catalog.References.ContainsKey(wanted))
            return wanted;
        if (wanted.Digest is null)
            return null;
        // The digest decides; a tag beside it is for the reader.
        return catalog.References.Keys.FirstOrDefault(r => r.Digest == wanted.Digest && r.Domain == wanted.Domain && r.Path == wanted.Path);
    }
}
