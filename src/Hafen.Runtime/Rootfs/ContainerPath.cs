namespace Hafen.Runtime.Rootfs;

/// <summary>Absolute paths inside a container, as text.</summary>
internal static class ContainerPath
{
    /// <summary>The path with a leading slash, without empty, <c>.</c> and <c>..</c> components; <c>..</c> above the root is dropped.</summary>
    public static string Clean(string path)
    {
        var parts = new List<string>();
        foreach (string part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == "..")
            {
                if (parts.Count > 0)
                    parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return "/" + string.Join('/', parts);
    }
}
