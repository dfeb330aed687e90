namespace Hafen.Linux.Cgroups;

/// <summary>One mounted cgroup hierarchy: a v1 controller set, a named v1 hierarchy, or the v2 tree.</summary>
/// <param name="MountPoint">Where it is mounted, without a trailing slash.</param>
/// <param name="Controllers">
/// The controllers it serves. For v2 those of the root's <c>cgroup.controllers</c>; empty for a named v1 hierarchy.
/// </param>
/// <param name="Name">Name of a controller-less v1 hierarchy (<c>systemd</c>), otherwise null.</param>
/// <param name="IsUnified">True for cgroup v2.</param>
public sealed record CgroupHierarchy(string MountPoint, IReadOnlyList<string> Controllers, string? Name, bool IsUnified)
{
    /// <summary>
    /// What <c>/proc/&lt;pid&gt;/cgroup</c> has in its second field: <c>cpu,cpuacct</c>, <c>name=systemd</c>, or nothing for v2.
    /// </summary>
    public string Label => IsUnified ? "" : Name is not null ? $"name={Name}" : string.Join(',', Controllers);

    public bool Serves(string controller) => Controllers.Contains(controller);
}
