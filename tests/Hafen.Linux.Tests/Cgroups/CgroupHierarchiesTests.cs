using System.Text;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Procfs;

namespace Hafen.Linux.Tests.Cgroups;

public sealed class CgroupHierarchiesTests
{
    private const string Subsystems = "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\ncpu\t1\t1\t1\ncpuacct\t1\t1\t1\nmemory\t4\t1\t1\nblkio\t7\t1\t1\n";

    [Fact]
    public void Legacy_with_joint_controllers_and_a_named_hierarchy()
    {
        var found = Detect("""
            32 31 0:29 / /sys/fs/cgroup/cpu,cpuacct rw,relatime shared:9 - cgroup cgroup rw,cpu,cpuacct
            33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            40 31 0:37 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd
            """);
        Assert.Equal(CgroupMode.Legacy, found.Mode);
        Assert.Equal("/sys/fs/cgroup/cpu,cpuacct", found.Find("cpuacct")!.MountPoint);
        Assert.Equal(["cpu,cpuacct", "memory", "name=systemd"], found.All.Select(hierarchy => hierarchy.Label));
        Assert.Null(found.Find("blkio"));
        Assert.Null(found.Unified);
    }

    [Fact]
    public void Hybrid_takes_controllers_from_v1()
    {
        var found = Detect("""
            33 31 0:30 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio
            41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw
            """, "memory");
        Assert.Equal(CgroupMode.Hybrid, found.Mode);
        Assert.Equal("/sys/fs/cgroup/blkio", found.Find("io")!.MountPoint);
        Assert.Null(found.Find("memory"));
        Assert.NotNull(found.Unified);
    }

    [Fact]
    public void Unified_serves_both_names()
    {
        var found = Detect("30 23 0:26 / /sys/fs/cgroup rw shared:4 - cgroup2 cgroup2 rw,nsdelegate", "cpu", "io", "memory", "pids");
        Assert.Equal(CgroupMode.Unified, found.Mode);
        foreach (string controller in new[] { "cpu", "cpuacct", "io", "blkio", "memory", "freezer", "devices" })
            Assert.Equal("/sys/fs/cgroup", found.Find(controller)?.MountPoint);
        Assert.Null(found.Find("hugetlb"));
    }

    [Fact]
    public void A_hierarchy_mounted_twice_counts_once()
    {
        var found = Detect("""
            50 31 0:30 / /var/lib/somewhere/cgroup/memory rw - cgroup cgroup rw,memory
            33 31 0:30 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory
            """);
        Assert.Equal("/sys/fs/cgroup/memory", Assert.Single(found.All).MountPoint);
    }

    [Fact]
    public void None_mounted_is_null() =>
        Assert.Null(CgroupHierarchies.From(MountInfo.Parse("1 0 8:1 / / rw - ext4 /dev/sda1 rw"u8), Subsystems, _ => []));

    [Fact]
    public void The_short_way_finds_what_the_list_of_mounts_says()
    {
        CgroupHierarchies quick = CgroupHierarchies.Detect(), full = CgroupHierarchies.DetectFromMounts();
        Assert.NotEmpty(quick.All);
        Assert.Equal(full.Mode, quick.Mode);
        Assert.Equal(full.All.Select(Describe).Order(), quick.All.Select(Describe).Order());

        static string Describe(CgroupHierarchy hierarchy) =>
            $"{hierarchy.MountPoint} {hierarchy.Label} {hierarchy.IsUnified} {string.Join(' ', hierarchy.Controllers)}";
    }

    private static CgroupHierarchies Detect(string mountInfo, params string[] unifiedControllers) =>
        CgroupHierarchies.From(MountInfo.Parse(Encoding.UTF8.GetBytes(mountInfo)), Subsystems, _ => unifiedControllers)!;
}
