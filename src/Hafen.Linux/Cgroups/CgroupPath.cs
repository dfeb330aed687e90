namespace Hafen.Linux.Cgroups;

/// <summary>Checks and normalises paths of cgroups, which are relative to each hierarchy's mount point.</summary>
public static class CgroupPath
{
    /// <summary>A path with one leading slash, none at the end and none doubled.</summary>
    /// <exception cref="CgroupException">Empty, the root, or with a <c>..</c> that could leave the place it names.</exception>
    public static string Normalize(string path)
    {
        string[] parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0 || Array.Exists(parts, part => part is "." or ".." || part.Contains('\0') || part.Contains('\n')))
            throw new CgroupException($"invalid cgroup path \"{path}\"");
        return "/" + string.Join('/', parts);
    }
}
