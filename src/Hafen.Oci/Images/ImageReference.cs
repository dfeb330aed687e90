using System.Diagnostics.CodeAnalysis;

namespace Hafen.Oci.Images;

/// <summary>
/// A normalised image reference: <c>docker.io/library/busybox:latest</c> for <c>busybox</c>
/// (distribution-spec and github.com/distribution/reference grammar).
/// </summary>
/// <param name="Domain">Registry host with port, <c>docker.io</c> when absent in the text.</param>
/// <param name="Path">Repository path, <c>library/</c> put before one-word names of docker.io.</param>
/// <param name="Tag">Tag, or null for a pure digest reference.</param>
/// <param name="Digest">Digest, or null.</param>
public sealed partial record ImageReference(string Domain, string Path, string? Tag, Digest? Digest)
{
    public const string DefaultDomain = "docker.io";
    public const string DefaultTag = "latest";

    private const string LegacyDefaultDomain = "index.docker.io";
    private const string OfficialPrefix = "library/";

    /// <summary>Repository in normal form, without tag and digest: <c>docker.io/library/busybox</c>.</summary>
    public string Name => $"{Domain}/{Path}";

    /// <summary>Repository as shown to people: <c>busybox</c>, <c>user/app</c>, <c>registry.example:5000/app</c>.</summary>
    public string FamiliarName
        => Domain != DefaultDomain ? Name
            : Path.StartsWith(OfficialPrefix, StringComparison.Ordinal) && Path.IndexOf('/', OfficialPrefix.Length) < 0 ? Path[OfficialPrefix.Length..]
            : Path;

    /// <summary>The whole reference as shown to people: <c>busybox:latest</c>.</summary>
    public string Familiar => FamiliarName + Suffix;

    private string Suffix => (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>The reference in normal form: <c>docker.io/library/busybox:latest</c>.</summary>
    public override string ToString() => Name + Suffix;

    /// <summary>Reads a familiar or normal form; a name with neither tag nor digest gets the tag <c>latest</c>.</summary>
    /// <exception cref="FormatException">The text is no reference; the message is the reference library's.</exception>
    public static ImageReference Parse(string text)
        => TryParse(text, out var reference, out string? error) ? reference : throw new FormatException(error);

    /// <summary>As <see cref="Parse"/>, without an exception.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? error)
    {
        if (!TryParseName(text, out reference, out error))
            return false;
        if (reference.Tag is null && reference.Digest is null)
            reference = reference with { Tag = DefaultTag };
        return true;
    }

    /// <summary>Reads a familiar or normal form and leaves an absent tag absent, as filters and <c>rmi</c> need it.</summary>
    public static bool TryParseName(string text, [NotNullWhen(true)] out ImageReference? reference, [NotNullWhen(false)] out string? error)
    {
        reference = null;
        if (text.Length == 64 && ReferenceGrammar.IsHex(text))
        {
            error = $"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings";
            return false;
        }

        var (domain, remainder) = SplitDomain(text);
        string? digestText = null, tag = null;
        int at = remainder.IndexOf('@', StringComparison.Ordinal);
        string path = remainder;
        if (at >= 0)
        {
            digestText = remainder[(at + 1)..];
            path = remainder[..at];
        }

        int colon = path.IndexOf(':', StringComparison.Ordinal);
        if (colon >= 0)
        {
            tag = path[(colon + 1)..];
            path = path[..colon];
        }

        if (path.AsSpan().ContainsAnyInRange('A', 'Z'))
        {
            error = $"invalid reference format: repository name ({path}) must be lowercase";
            return false;
        }

        Digest? digest = null;
        if (!ReferenceGrammar.IsDomain(domain) || !ReferenceGrammar.IsPath(path) || (tag is not null && !IsTag(tag)))
        {
            error = "invalid reference format";
            return false;
        }

        if (digestText is not null)
        {
            if (!Oci.Digest.TryParse(digestText, out var parsed))
            {
                error = ReferenceGrammar.LooksLikeDigest(digestText) ? "unsupported digest algorithm" : "invalid reference format";
                return false;
            }

            digest = parsed;
        }

        // The limit counts the domain as it is shown, the default one included.
        if (domain.Length + 1 + path.Length > 255)
        {
            error = "repository name must not be more than 255 characters";
            return false;
        }

        reference = new ImageReference(domain, path, tag, digest);
        error = null;
        return true;
    }

    /// <summary>True for a word of at most 128 characters out of letters, digits, <c>_ . -</c> that starts with none of the last two.</summary>
    public static bool IsTag(string tag) => ReferenceGrammar.IsTag(tag);

    private static (string Domain, string Remainder) SplitDomain(string text)
    {
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        string first = slash < 0 ? "" : text[..slash];
        string domain = DefaultDomain, remainder = text;
        // A first word is a host only when it cannot be a path component: it has a dot, a port, capitals, or is localhost.
        if (slash >= 0 && (first.AsSpan().ContainsAny('.', ':') || first == "localhost" || first.AsSpan().ContainsAnyInRange('A', 'Z')))
        {
            domain = first == LegacyDefaultDomain ? DefaultDomain : first;
            remainder = text[(slash + 1)..];
        }

        if (domain == DefaultDomain && !remainder.Contains('/', StringComparison.Ordinal))
            remainder = OfficialPrefix + remainder;
        return (domain, remainder);
    }
}
