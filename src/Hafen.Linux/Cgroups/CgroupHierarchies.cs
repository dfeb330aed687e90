using Hafen.Linux.Procfs;

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

    /// <summary>The v2 tree, alone or beside v1; null when there is none.</summary>
    public CgroupHierarchy? Unified => All.FirstOrDefault(hierarchy => hierarchy.IsUnified);

    /// <summary>
    /// The hierarchy that serves a controller, by its v1 name or its v2 name (<c>blkio</c> and <c>io</c> are one); null when the host
    /// does not have it. On v2, <c>freezer</c> and <c>devices</c> are part of every cgroup.
    /// </summary>
    public CgroupHierarchy? Find(string controller)
    {
        if (Mode == CgroupMode.Unified)
        {
            if (controller is "freezer" or "devices")
                return Unified;
            string name = controller == "blkio" ? "io" : controller == "cpuacct" ? "cpu" : controller;
            return All.FirstOrDefault(hierarchy => hierarchy.Serves(name));
        }

        string legacy = controller == "io" ? "blkio" : controller;
        foreach (var hierarchy in All)
        {
            if (!hierarchy.IsUnified && hierarchy.Serves(legacy))
                return hierarchy;
        }

        return null;
    }

    /// <summary>Looks at the usual places first, then at <c>/proc/self/mountinfo</c> and <c>/proc/cgroups</c>.</summary>
    /// <exception cref="CgroupException">No cgroup file system is mounted.</exception>
    public static CgroupHierarchies Detect() =>
        ConventionalMounts.Find(ReadControllers) is { } conventional ? Of(conventional) : DetectFromMounts();

    /// <summary>Reads <c>/proc/self/mountinfo</c>, <c>/proc/cgroups</c> and the v2 root's <c>cgroup.controllers</c>.</summary>
    /// <exception cref="CgroupException">No cgroup file system is mounted.</exception>
    public static CgroupHierarchies DetectFromMounts()
    {
        var mounts = MountInfo.ReadSelf();
        Span<byte> buffer = stackalloc byte[4096];
        int length = ProcFile.TryRead("/proc/cgroups", buffer);
        // A kernel built for v2 alone may lack the file.
        string subsystems = length > 0 ? System.Text.Encoding.ASCII.GetString(buffer[..length]) : "";
        return From(mounts, subsystems, ReadControllers)
            ?? throw new CgroupException("no cgroup file system is mounted: mount cgroup2 on /sys/fs/cgroup, or the v1 controllers below it");
    }

    /// <summary>Decides from text alone; null when no hierarchy is mounted.</summary>
    /// <param name="mounts">The mounts of <c>/proc/self/mountinfo</c>.</param>
    /// <param name="subsystems">Text of <c>/proc/cgroups</c>, for telling controllers from mount options.</param>
    /// <param name="unifiedControllers">Gives the words of <c>cgroup.controllers</c> for a v2 mount point.</param>
    public static CgroupHierarchies? From(
        IReadOnlyList<MountInfo> mounts, string subsystems, Func<string, IReadOnlyList<string>> unifiedControllers)
    {
        var known = SubsystemNames(subsystems);
        var all = new List<CgroupHierarchy>();
        foreach (var mount in mounts)
        {
            if (mount.FileSystem == "cgroup2")
                Add(all, new CgroupHierarchy(mount.MountPoint, unifiedControllers(mount.MountPoint), null, IsUnified: true));
            else if (mount.FileSystem == "cgroup")
                Add(all, Legacy(mount, known));
        }

        return all.Count == 0 ? null : Of(all);
    }

    private static CgroupHierarchies Of(List<CgroupHierarchy> all) => new(
        all.TrueForAll(hierarchy => hierarchy.IsUnified) ? CgroupMode.Unified
            : all.Exists(hierarchy => hierarchy.IsUnified) ? CgroupMode.Hybrid
            : CgroupMode.Legacy,
        all);

    /// <summary>The same hierarchy mounted twice counts once; the shorter path is the usual one.</summary>
    private static void Add(List<CgroupHierarchy> all, CgroupHierarchy candidate)
    {
        int same = all.FindIndex(other => other.Label == candidate.Label && other.IsUnified == candidate.IsUnified);
        if (same < 0)
            all.Add(candidate);
        else if (candidate.MountPoint.Length < all[same].MountPoint.Length)
            all[same] = candidate;
    }

    private static CgroupHierarchy Legacy(MountInfo mount, HashSet<string> known)
    {
        var controllers = new List<string>();
        string? name = null;
        foreach (string option in mount.SuperOptions.Split(','))
        {
            if (option.StartsWith("name=", StringComparison.Ordinal))
                name = option[5..];
            else if (known.Contains(option))
                controllers.Add(option);
        }

        return new CgroupHierarchy(mount.MountPoint, controllers, controllers.Count == 0 ? name : null, IsUnified: false);
    }

    private static HashSet<string> SubsystemNames(string text)
    {
        var names = new HashSet<string>();
        foreach (string line in text.Split('\n'))
        {
            int end = line.IndexOf('\t');
            if (end > 0 && line[0] != '#')
                names.Add(line[..end]);
        }

        return names;
    }

    private static IReadOnlyList<string> ReadControllers(string mountPoint)
    {
        Span<byte> buffer = stackalloc byte[1024];
        int length = ProcFile.TryRead(mountPoint + "/cgroup.controllers", buffer);
        return length <= 0
            ? []
            : System.Text.Encoding.ASCII.GetString(buffer[..length]).Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
    }
}
