using Hafen.Errors;
using Hafen.Linux.Mounts;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;
using Hafen.Runtime.Rootfs;

namespace Hafen.Runtime.Tests.Rootfs;

public class MountPlannerTests
{
    private static readonly MountSurroundings s_surroundings = new() { Bundle = "/bundle" };

    [Fact]
    public void A_bind_mount_is_cloned_with_its_attributes_and_attached()
    {
        var step = Assert.Single(Plan(Mount("/data", "bind", "src", "rbind", "ro", "rprivate")));
        Assert.Equal(StepCode.Attach, step.Code);
        Assert.Equal("/data", step.Text);
        Assert.Equal(new BindHandle("/bundle/src", Recursive: true)
        {
            Set = mount_attr.MOUNT_ATTR_RDONLY,
            Propagation = MountFlags.MS_PRIVATE,
            RecursivePropagation = true,
        }, step.Handle);
    }

    [Fact]
    public void A_bind_mount_that_says_nothing_is_a_slave_of_the_hosts_mount()
    {
        var handle = Assert.IsType<BindHandle>(Assert.Single(Plan(Mount("/data", "bind", "/src", "bind"))).Handle);
        Assert.Equal((MountFlags.MS_SLAVE, true, false), (handle.Propagation, handle.RecursivePropagation, handle.Recursive));
    }

    [Fact]
    public void Rro_reaches_the_whole_tree()
    {
        var handle = Assert.IsType<BindHandle>(Assert.Single(Plan(Mount("/data", "bind", "/src", "rbind", "rro"))).Handle);
        Assert.Equal((mount_attr.MOUNT_ATTR_RDONLY, 0UL), (handle.RecursiveSet, handle.Set));
    }

    [Fact]
    public void A_readonly_tmpfs_stays_writable_until_all_mount_points_are_made()
    {
        var mount = Mount("/run", "tmpfs", "tmpfs", "ro", "nosuid", "mode=700");
        var step = Assert.Single(Plan(mount));
        Assert.Equal((long)mount_attr.MOUNT_ATTR_NOSUID, step.Value);
        var late = new List<PlannedStep>();
        MountPlanner.AddLate(late, mount);
        Assert.Equal("MakeReadonly /run", Assert.Single(late).ToString());
    }

    [Fact]
    public void A_tmpfs_keeps_the_mode_of_what_it_hides_unless_told_and_copies_when_told()
    {
        Assert.Equal(FileSystemRule.KeepMode | FileSystemRule.CopyUp, (FileSystemRule)Assert.Single(Plan(Mount("/run", "tmpfs", "tmpfs", "tmpcopyup"))).Number);
        Assert.Equal(FileSystemRule.None, (FileSystemRule)Assert.Single(Plan(Mount("/run", "tmpfs", "tmpfs", "mode=755"))).Number);
    }

    [Fact]
    public void Proc_and_sysfs_must_not_follow_a_link_of_the_image()
    {
        Assert.Equal(FileSystemRule.NoLink | FileSystemRule.MayLieInProcfs, (FileSystemRule)Assert.Single(Plan(Mount("/proc", "proc", "proc"))).Number);
        Assert.Equal(FileSystemRule.NoLink, (FileSystemRule)Assert.Single(Plan(Mount("/sys", "sysfs", "sysfs"))).Number);
    }

    [Theory]
    [InlineData("/proc/sys", "bind")]
    [InlineData("/proc/self/attr", "tmpfs")]
    [InlineData("/proc/../proc/kcore", "bind")]
    [InlineData("/proc", "tmpfs")]
    [InlineData("/", "tmpfs")]
    public void A_mount_over_what_must_be_trusted_is_refused(string destination, string type)
    {
        var refusal = Assert.Throws<RuntimeException>(() => Plan(Mount(destination, type, "/src")));
        Assert.Equal(ErrorKind.InvalidParameter, refusal.Failure.Kind);
    }

    [Theory]
    [InlineData("/proc/meminfo")]
    [InlineData("/proc/uptime")]
    [InlineData("/procfs/x")]
    public void Files_that_report_limits_may_be_covered(string destination) => Assert.Single(Plan(Mount(destination, "bind", "/src", "bind")));

    [Fact]
    public void A_bind_mount_over_proc_must_be_a_procfs()
    {
        var rule = (AttachRule)Assert.Single(Plan(Mount("/proc", "bind", "/proc", "rbind"))).Value;
        Assert.True(rule.HasFlag(AttachRule.MustBeProcfs));
        Assert.Equal(AttachRule.None, (AttachRule)Assert.Single(Plan(Mount("/x", "bind", "/proc", "rbind"))).Value);
    }

    [Fact]
    public void Cgroup_v1_in_its_own_namespace_mounts_the_hierarchies_and_links_joined_names()
    {
        var view = new CgroupView(false, true, [new("cpu,cpuacct", "cpu,cpuacct", "/c/cpu,cpuacct/x"), new("systemd", "name=systemd", "/c/systemd/x")]);
        var steps = Plan(Mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid"), view);
        Assert.Equal(
            [
                "NewFileSystem /sys/fs/cgroup <tmpfs> [source tmpfs mode 755] value=0xe",
                "NewFileSystem /sys/fs/cgroup/cpu,cpuacct <cgroup> [source cgroup cpu  cpuacct ] value=0xf",
                "NewFileSystem /sys/fs/cgroup/systemd <cgroup> [source systemd name systemd] value=0xf",
                "MakeLink /sys/fs/cgroup/cpu <cpu,cpuacct>",
                "MakeLink /sys/fs/cgroup/cpuacct <cpu,cpuacct>",
                "MakeReadonly /sys/fs/cgroup",
            ], steps.Select(step => step.ToString()));
    }

    [Fact]
    public void Cgroup_v1_in_the_hosts_namespace_binds_the_containers_own_directories()
    {
        var view = new CgroupView(false, false, [new("pids", "pids", "/sys/fs/cgroup/pids/hafen/x")]);
        var steps = Plan(Mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro"), view);
        var handle = Assert.IsType<BindHandle>(steps[1].Handle);
        Assert.Equal(("/sys/fs/cgroup/pids/hafen/x", 0xfUL), (handle.Source, handle.Set));
    }

    [Fact]
    public void Cgroup_v2_is_one_mount() =>
        Assert.Equal("NewFileSystem /sys/fs/cgroup <cgroup2> [source cgroup] value=0x1",
            Assert.Single(Plan(Mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro"), new CgroupView(true, true, []))).ToString());

    private static List<PlannedStep> Plan(SpecMount mount, CgroupView? cgroups = null)
    {
        var steps = new List<PlannedStep>();
        MountPlanner.Add(steps, mount, s_surroundings with { Cgroups = cgroups });
        return steps;
    }

    private static SpecMount Mount(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options };
}
