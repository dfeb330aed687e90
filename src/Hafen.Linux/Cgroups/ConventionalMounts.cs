using System.Text;
using Hafen.Linux.Processes;
using Hafen.Linux.Procfs;

namespace Hafen.Linux.Cgroups;

/// <summary>
/// Finds the hierarchies where every distribution mounts them, below <c>/sys/fs/cgroup</c>, by asking the kernel what kind of file
/// system each place is. The list of all mounts, which grows with every container and is read anew by each runtime process, is
/// only needed when something is elsewhere.
/// </summary>
internal static unsafe class ConventionalMounts
{
    private const string Root = "/sys/fs/cgroup";

    // linux/magic.h
    private const long CGROUP_SUPER_MAGIC = 0x27E0EB, CGROUP2_SUPER_MAGIC = 0x63677270;

    /// <summary>The hierarchies in the order of <c>/proc/self/cgroup</c>; null when one of them is not where it usually is.</summary>
    public static List<CgroupHierarchy>? Find(Func<string, IReadOnlyList<string>> unifiedControllers)
    {
        if (TypeOf(Root) == CGROUP2_SUPER_MAGIC)
            return [new CgroupHierarchy(Root, unifiedControllers(Root), null, IsUnified: true)];
        Span<byte> buffer = stackalloc byte[8192];
        int length = ProcFile.TryRead("/proc/self/cgroup", buffer);
        if (length <= 0 || length == buffer.Length)
            return null;
        var hierarchies = new List<CgroupHierarchy>();
        foreach (var line in ProcessCgroup.Parse(buffer[..length]))
        {
            bool unified = line.HierarchyId == 0;
            string? name = line.Label.StartsWith("name=", StringComparison.Ordinal) ? line.Label[5..] : null;
            string mountPoint = $"{Root}/{(unified ? "unified" : name ?? line.Label)}";
            long type = TypeOf(mountPoint);
            // A kernel with v2 lists it whether it is mounted or not.
            if (unified && type != CGROUP2_SUPER_MAGIC)
                continue;
            if (!unified && type != CGROUP_SUPER_MAGIC)
                return null;
            hierarchies.Add(unified ? new(mountPoint, unifiedControllers(mountPoint), null, IsUnified: true)
                : name is not null ? new(mountPoint, [], name, IsUnified: false)
                : new(mountPoint, line.Label.Split(','), null, IsUnified: false));
        }

        return hierarchies.Exists(hierarchy => !hierarchy.IsUnified) ? hierarchies : null;
    }

    /// <summary>The file system's magic number, the first member of <c>struct statfs</c>; 0 when there is nothing.</summary>
    private static long TypeOf(string path)
    {
        long* statistics = stackalloc long[16];
        Span<byte> name = stackalloc byte[256];
        if (!Encoding.UTF8.TryGetBytes(path, name[..^1], out int length))
            return 0;
        name[length] = 0;
        fixed (byte* bytes = name)
            return SystemCall.Direct(SystemCall.statfs, (nint)bytes, (nint)statistics) == 0 ? statistics[0] : 0;
    }
}
