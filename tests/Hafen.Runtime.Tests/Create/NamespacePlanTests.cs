using Hafen.Linux.Namespaces;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Create;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Tests.Create;

public class NamespacePlanTests
{
    private static readonly SpecIdMapping[] s_mapping = [new() { ContainerId = 0, HostId = 100000, Size = 65536 }];

    [Fact]
    public void New_namespaces_come_with_the_clone_but_cgroup_and_time()
    {
        var plan = NamespacePlan.Build(Linux(("pid", null), ("network", null), ("ipc", null), ("uts", null), ("mount", null), ("cgroup", null), ("time", null)));
        Assert.Equal(NamespaceFlags.CLONE_NEWPID | NamespaceFlags.CLONE_NEWNET | NamespaceFlags.CLONE_NEWIPC | NamespaceFlags.CLONE_NEWUTS
            | NamespaceFlags.CLONE_NEWNS, plan.CloneFlags);
        Assert.Equal([StepCode.Unshare, StepCode.NewTime], plan.Steps.Select(step => step.Code));
        Assert.True(plan.NewNetwork);
        Assert.Empty(plan.BornIn);
    }

    [Fact]
    public void A_pid_namespace_is_entered_last_and_others_are_joined_by_setns()
    {
        var plan = NamespacePlan.Build(Linux(("mount", null), ("pid", "/proc/1/ns/pid"), ("network", "/run/netns/x")));
        Assert.Equal(new NamespaceHandle("/proc/1/ns/pid"), plan.EnteredPid);
        Assert.Empty(plan.BornIn);
        var join = Assert.Single(plan.Steps);
        Assert.Equal((StepCode.JoinNamespace, (long)NamespaceFlags.CLONE_NEWNET), (join.Code, join.Value));
        Assert.True(plan.JoinsPid);
        Assert.False(plan.NewNetwork);
    }

    [Fact]
    public void Before_a_new_user_namespace_the_hosts_namespaces_are_entered_by_the_parent()
    {
        var plan = NamespacePlan.Build(Linux(("mount", null), ("user", null), ("ipc", null), ("network", "/run/netns/x")));
        Assert.Equal(NamespaceFlags.CLONE_NEWNET, Assert.Single(plan.BornIn).Flag);
        Assert.Equal([StepCode.Await, StepCode.BecomeRoot, StepCode.Unshare], plan.Steps.Select(step => step.Code));
        Assert.Equal(NamespaceFlags.CLONE_NEWUSER | NamespaceFlags.CLONE_NEWNS, plan.CloneFlags);
    }

    [Fact]
    public void Into_a_joined_user_namespace_the_child_clones_itself_once_more()
    {
        var plan = NamespacePlan.Build(Linux(("mount", null), ("pid", null), ("user", "/proc/7/ns/user"), ("network", "/proc/7/ns/net")));
        Assert.Equal(0UL, plan.CloneFlags);
        Assert.Equal([StepCode.JoinNamespace, StepCode.JoinNamespace, StepCode.BecomeRoot, StepCode.Descend], plan.Steps.Select(step => step.Code));
        Assert.Equal((long)(NamespaceFlags.CLONE_NEWPID | NamespaceFlags.CLONE_NEWNS), plan.Steps[^1].Value);
    }

    [Fact]
    public void Time_offsets_are_lines_for_the_kernel() =>
        Assert.Equal("boottime -5 7\n", NamespacePlan.Offsets(new SpecLinux { TimeOffsets = new() { ["boottime"] = new SpecTimeOffset { Secs = -5, Nanosecs = 7 } } }));

    [Fact]
    public void Mappings_are_lines_for_the_kernel() => Assert.Equal("0 100000 65536\n", UserMappings.Text(s_mapping));

    private static SpecLinux Linux(params (string Type, string? Path)[] namespaces) =>
        new() { Namespaces = [.. namespaces.Select(n => new SpecNamespace { Type = n.Type, Path = n.Path })] };
}
