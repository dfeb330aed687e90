namespace Hafen.Cli.Formatting.Units;

/// <summary>An image reference as people write it: without <c>docker.io/library/</c>.</summary>
/// <param name="Repository">Familiar repository, for example <c>busybox</c> or <c>example.com:5000/app</c>.</param>
/// <param name="Tag">Tag, or null.</param>
/// <param name="Digest"><c>sha256:…</c>, or null.</param>
internal sealed record ImageName(string Repository, string? Tag, string? Digest)
{
    public string Familiar => Repository + (Tag is null ? "" : ":" + Tag) + (Digest is null ? "" : "@" + Digest);

    /// <summary>The same with <c>:latest</c> when neither tag nor digest is given.</summary>
    public ImageName WithDefaultTag() => Tag is null && Digest is null ? this with { Tag = "latest" } : this;

    /// <summary>Why a text is no reference, in the words docker's users know.</summary>
    public static string Complaint(string text)
    {
        const string basic = "invalid reference format";
        if (!text.Any(char.IsAsciiLetterUpper))
            return basic;
        string name = text.Split('@')[0];
        int colon = name.LastIndexOf(':');
        if (colon > name.LastIndexOf('/'))
            name = name[..colon];
        return $"{basic}: repository name ({(name.Contains('/', StringComparison.Ordinal) ? name : "library/" + name)}) must be lowercase";
    }

    /// <summary>False for what cannot be a reference; an ID of 64 hex digits is none.</summary>
    public static bool TryParse(string text, out ImageName name)
    {
        name = new ImageName("", null, null);
        if (text.Length == 64 && text.All(char.IsAsciiHexDigitLower))
            return false;
        int at = text.IndexOf('@', StringComparison.Ordinal);
        string? digest = at < 0 ? null : text[(at + 1)..];
        string rest = at < 0 ? text : text[..at];
        int colon = rest.LastIndexOf(':');
        string? tag = colon > rest.LastIndexOf('/') ? rest[(colon + 1)..] : null;
        string repository = tag is null ? rest : rest[..colon];
        if (repository.StartsWith("docker.io/", StringComparison.Ordinal))
            repository = repository["docker.io/".Length..];
        else if (repository.StartsWith("index.docker.io/", StringComparison.Ordinal))
            repository = repository["index.docker.io/".Length..];
        if (repository.StartsWith("library/", StringComparison.Ordinal) && repository.IndexOf('/', 8) < 0)
            repository = repository["library/".Length..];
        name = new ImageName(repository, tag, digest);
        return IsRepository(repository) && (tag is null || IsTag(tag)) && (digest is null || digest.Contains(':', StringComparison.Ordinal));
    }

    private static bool IsTag(string tag)
        => tag.Length is > 0 and <= 128 && tag[0] is not ('.' or '-') && tag.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '.' or '-');

    private static bool IsRepository(string repository)
    {
        string[] parts = repository.Split('/');
        int first = parts.Length > 1 && (parts[0].AsSpan().IndexOfAny('.', ':') >= 0 || parts[0] == "localhost") ? 1 : 0;
        return parts.Skip(first).All(IsComponent) && parts.Length > first;
    }

    private static bool IsComponent(string part)
        => part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && char.IsAsciiLetterOrDigit(part[^1])
            && part.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '.' or '_' or '-');
}
