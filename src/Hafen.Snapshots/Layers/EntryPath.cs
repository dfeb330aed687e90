using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>What a name in a layer means (image-spec, layer.md).</summary>
public enum EntryKind
{
    /// <summary>A file, folder or other thing of the layer.</summary>
    Ordinary,
    /// <summary><c>.wh.name</c>: hides <c>name</c> of the layers below.</summary>
    Whiteout,
    /// <summary><c>.wh..wh..opq</c>: hides all that the layers below have in this folder.</summary>
    Opaque,
    /// <summary>Book-keeping of aufs, which newer images still carry.</summary>
    Ignored,
    /// <summary>A file that aufs kept for hard links of other names to lead to.</summary>
    LinkStore,
}

/// <summary>Decides, from the name alone, where an entry goes.</summary>
public static class EntryPath
{
    private const string WhiteoutPrefix = ".wh.";
    private const string MetaPrefix = ".wh..wh.";

    /// <summary>Hides all that the layers below have in the folder it lies in.</summary>
    public const string OpaqueName = ".wh..wh..opq";

    /// <summary>
    /// The path relative to the layer's root, without <c>.</c>, <c>..</c>, empty components and outer slashes; empty for the root itself.
    /// </summary>
    /// <exception cref="LayerException">The name leads above the root (CVE-2021-32760 and its kin).</exception>
    public static string Clean(string name, string what = "entry")
    {
        if (IsClean(name))
            return name;
        List<string> parts = [];
        foreach (string part in name.Split('/'))
        {
            switch (part)
            {
                case "" or ".":
                    break;
                case "..":
                    if (parts.Count == 0)
                        throw new LayerException($"{what} \"{BytePath.ToText(name)}\" is outside of the layer's root");
                    parts.RemoveAt(parts.Count - 1);
                    break;
                default:
                    parts.Add(part);
                    break;
            }
        }

        return string.Join('/', parts);
    }

    /// <summary>Sorts a clean path; for whiteouts and opaque marks <paramref name="target"/> is what they are about.</summary>
    /// <exception cref="LayerException">A whiteout without a proper name.</exception>
    public static EntryKind Classify(string path, out string target)
    {
        target = path;
        if (!path.Contains(WhiteoutPrefix, StringComparison.Ordinal))
            return EntryKind.Ordinary;
        string parent = BytePath.Parent(path), name = BytePath.Name(path);
        if (name == OpaqueName)
        {
            target = parent;
            return EntryKind.Opaque;
        }

        if (LinkStore.Holds(path))
            return EntryKind.LinkStore;
        foreach (var range in path.AsSpan().Split('/'))
        {
            if (path.AsSpan(range).StartsWith(MetaPrefix))
                return EntryKind.Ignored;
        }

        if (!name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal))
            return EntryKind.Ordinary;
        string hidden = name[WhiteoutPrefix.Length..];
        if (hidden is "" or "." or "..")
            throw new LayerException($"invalid whiteout \"{BytePath.ToText(path)}\"");
        target = parent.Length == 0 ? hidden : $"{parent}/{hidden}";
        return EntryKind.Whiteout;
    }

    /// <summary>The name that hides another one of the layers below.</summary>
    public static string WhiteoutOf(string name) => WhiteoutPrefix + name;

    /// <summary>Whether a name would be taken for a mark.</summary>
    public static bool IsMark(string name) => name.StartsWith(WhiteoutPrefix, StringComparison.Ordinal);

    private static bool IsClean(string name)
    {
        if (name.Length == 0)
            return true;
        int start = 0;
        while (true)
        {
            int slash = name.IndexOf('/', start);
            var part = slash < 0 ? name.AsSpan(start) : name.AsSpan(start, slash - start);
            if (part is "" or "." or "..")
                return false;
            if (slash < 0)
                return true;
            start = slash + 1;
        }
    }
}
