namespace Hafen.Linux.Cgroups;

/// <summary>A cgroup's directories in all hierarchies that containers join: every v1 hierarchy, or the v2 tree.</summary>
internal sealed class CgroupDirectorySet
{
    private readonly CgroupHierarchies _hierarchies;

    public CgroupDirectorySet(CgroupHierarchies hierarchies, string path)
    {
        _hierarchies = hierarchies;
        // Beside v1, the v2 tree carries no controllers that limits could use: joining it would cost and give nothing.
        All = hierarchies.All
            .Where(hierarchy => hierarchies.Mode == CgroupMode.Unified || !hierarchy.IsUnified)
            .Select(hierarchy => new CgroupDirectory(hierarchy, path))
            .ToArray();
    }

    public CgroupDirectory[] All { get; }

    /// <summary>The directory whose hierarchy serves a controller; null when the host has none.</summary>
    public CgroupDirectory? For(string controller)
    {
        if (_hierarchies.Mode == CgroupMode.Unified)
            return All[0];
        var hierarchy = _hierarchies.Find(controller);
        return hierarchy is null ? null : Array.Find(All, directory => ReferenceEquals(directory.Hierarchy, hierarchy));
    }

    /// <summary>One that tells which processes there are: the first that exists.</summary>
    public CgroupDirectory? Present() =>
        For("freezer") is { Exists: true } freezer ? freezer : Array.Find(All, directory => directory.Exists);
}
