namespace Hafen.Engine.Containers;

/// <summary>Paths in their shortest form by text alone: no empty, <c>.</c> or <c>..</c> parts, no slash at the end.</summary>
internal static class CleanPath
{
    /// <summary>A relative path as one below the root.</summary>
    public static string Rooted(string path) => path.StartsWith('/') ? path : Of("/" + path);

    public static string Of(string path)
    {
        bool rooted = path.StartsWith('/');
        var parts = new List<string>();
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".")
                continue;
            if (part != "..")
                parts.Add(part);
            else if (parts.Count > 0 && parts[^1] != "..")
                parts.RemoveAt(parts.Count - 1);
            else if (!rooted)
                parts.Add(part);
        }
        string joined = string.Join('/', parts);
        if (rooted)
            return "/" + joined;
        return joined.Length == 0 ? "." : joined;
    }
}
