namespace Hafen.Linux.Cgroups;

/// <summary>How the host mounts its cgroups.</summary>
public enum CgroupMode
{
    /// <summary>Only v1 hierarchies.</summary>
    Legacy,

    /// <summary>v1 hierarchies carry the controllers, a v2 tree is mounted beside them.</summary>
    Hybrid,

    /// <summary>Only cgroup v2.</summary>
    Unified,
}
