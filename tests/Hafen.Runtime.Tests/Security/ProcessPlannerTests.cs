using System.Runtime.InteropServices;
using Hafen.Linux.Capabilities;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Tests.Security;

/// <summary>The order is the contract: each step must come while the rights it needs are there, and none after it that it would hinder.</summary>
public class ProcessPlannerTests
{
    private static readonly SpecProcess Process = new()
    {
        User = new SpecUser { Uid = 1000, Gid = 100 },
        Args = ["sh"],
        Env = ["PATH=/bin"],
        Cwd = "/",
        Rlimits = [new SpecRlimit { Type = "RLIMIT_NOFILE", Soft = 10, Hard = 20 }],
    };

    [Fact]
    public void With_no_new_privs_the_filter_is_installed_last()
    {
        var codes = Codes(Process with { NoNewPrivileges = true });
        Assert.Equal(
            [
                StepCode.OwnStreams, StepCode.HomeVariable, StepCode.NoNewPrivileges, StepCode.ResourceLimit, StepCode.BoundingSet,
                StepCode.WorkingDirectory, StepCode.User, StepCode.Capabilities, StepCode.WorkingDirectory, StepCode.FindExecutable, StepCode.Umask,
                StepCode.CloseDescriptors, StepCode.Report, StepCode.Await, StepCode.Announce, StepCode.Seccomp, StepCode.Execute,
            ], codes);
    }

    [Fact]
    public void Without_no_new_privs_the_right_to_install_the_filter_stays_until_then_and_no_longer()
    {
        var plan = Plan(Process);
        Assert.Equal(
            [StepCode.Announce, StepCode.Capabilities, StepCode.Seccomp, StepCode.Capabilities, StepCode.Execute], plan[^5..].Select(step => step.Code));
        Assert.DoesNotContain(plan, step => step.Code == StepCode.NoNewPrivileges);
        const ulong admin = 1UL << 21;
        var sets = plan.Where(step => step.Code == StepCode.Capabilities).Select(step => MemoryMarshal.Read<CapabilitySets>(step.Data)).ToArray();
        Assert.Equal([(0UL, admin), (admin, admin), (0UL, 0UL)], sets.Select(set => (set.Effective, set.Permitted)));
    }

    [Fact]
    public void Home_is_looked_up_only_when_the_environment_has_none()
    {
        var codes = Codes(Process with { Env = ["HOME=/h"] });
        Assert.DoesNotContain(StepCode.HomeVariable, codes);
        var execute = Plan(Process)[^1];
        Assert.Equal<IEnumerable<string?>>(["PATH=/bin", "HOME=/"], execute.Environment!);
    }

    [Fact]
    public void Supplementary_groups_are_always_set()
    {
        Assert.Empty(Plan(Process).Single(step => step.Code == StepCode.User).Data!);
        var groups = Plan(Process with { User = Process.User with { AdditionalGids = [7, 0x01020304] } }).Single(step => step.Code == StepCode.User).Data!;
        Assert.Equal([7, 0, 0, 0, 4, 3, 2, 1], groups);
    }

    [Fact]
    public void A_soft_limit_above_the_hard_one_is_refused() =>
        Assert.Throws<RuntimeException>(() => Plan(Process with { Rlimits = [new SpecRlimit { Type = "RLIMIT_CORE", Soft = 2, Hard = 1 }] }));

    private static List<StepCode> Codes(SpecProcess process) => [.. Plan(process).Select(step => step.Code)];

    private static List<PlannedStep> Plan(SpecProcess process)
    {
        var steps = new List<PlannedStep>();
        ProcessPlanner.Add(steps, process, new ProcessSurroundings
        {
            Capabilities = new CapabilitySets(),
            LastCapability = 40,
            Filter = [0, 0, 0, 0, 0, 0, 0, 0],
            WaitForStart = true,
        });
        return steps;
    }
}
