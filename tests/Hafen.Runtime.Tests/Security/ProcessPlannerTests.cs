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
    private static readonly SpecProcess s_process = new()
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
        var codes = Codes(s_process with { NoNewPrivileges = true });
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
        var plan = Plan(s_process);
        Assert.Equal(
            [StepCode.Announce, StepCode.Capabilities, StepCode.Seccomp, StepCode.Capabilities, StepCode.Execute], plan[^5..].Select(step => step.Code));
        Assert.DoesNotContain(plan, step => step.Code == StepCode.NoNewPrivileges);
        const ulong admin = 1UL << 21;
        var sets = plan.Where(step => step.Code == StepCode.Capabilities).Select(step => MemoryMarshal.Read<CapabilitySets>(step.Data)).ToArray();
        Assert.Equal([(0UL, admin), (admin, admin), (0UL, 0UL)], sets.Select(set => (set.Effective, set.Permitted)));
    }

    [Fact]
    public void A_pid_namespace_of_others_is_entered_with_no_right_that_the_program_does_not_have()
    {
        // return ALLOW
        byte[] filter = [6, 0, 0, 0, 0, 0, 0xFF, 0x7F];
        StepCode[] end =
        [
            StepCode.CloseDescriptors, StepCode.Capabilities, StepCode.Seccomp, StepCode.Capabilities,
            StepCode.Descend, StepCode.Await, StepCode.NewSession, StepCode.Announce, StepCode.Execute,
        ];
        Assert.Equal(end, Entering(s_process, filter)[^end.Length..].Select(step => step.Code));

        // A filter that the clone would not get through comes after it, in possession of one right more. So does one that needs none.
        byte[] refusing = [6, 0, 0, 0, 0, 0, 0, 0];
        Assert.Equal(
            [StepCode.Descend, StepCode.Await, StepCode.NewSession, StepCode.Announce, StepCode.Capabilities, StepCode.Seccomp, StepCode.Capabilities, StepCode.Execute],
            Entering(s_process, refusing)[^8..].Select(step => step.Code));
        Assert.Equal(
            [StepCode.CloseDescriptors, StepCode.Descend, StepCode.Await, StepCode.NewSession, StepCode.Announce, StepCode.Seccomp, StepCode.Execute],
            Entering(s_process with { NoNewPrivileges = true }, filter)[^7..].Select(step => step.Code));
    }

    [Fact]
    public void The_number_of_processes_is_limited_when_the_last_one_is_made()
    {
        var process = s_process with { Rlimits = [new SpecRlimit { Type = "RLIMIT_NPROC", Soft = 3, Hard = 4 }] };
        var codes = Entering(process, null).ConvertAll(step => step.Code);
        Assert.True(codes.IndexOf(StepCode.LiftLimit) < codes.IndexOf(StepCode.User));
        Assert.True(codes.IndexOf(StepCode.ResourceLimit) > codes.IndexOf(StepCode.Descend));
    }

    [Fact]
    public void A_deadline_task_enters_before_it_becomes_one()
    {
        var process = s_process with { Scheduler = new SpecScheduler { Policy = "SCHED_DEADLINE", Runtime = 1, Deadline = 2, Period = 3 } };
        var codes = Entering(process, null).ConvertAll(step => step.Code);
        Assert.True(codes.IndexOf(StepCode.CloseDescriptors) < codes.IndexOf(StepCode.Descend));
        Assert.True(codes.IndexOf(StepCode.Descend) < codes.IndexOf(StepCode.Scheduler));
        Assert.Single(codes, StepCode.Descend);
        Assert.Single(codes, StepCode.CloseDescriptors);
    }

    private static List<PlannedStep> Entering(SpecProcess process, byte[]? filter)
    {
        var steps = new List<PlannedStep>();
        ProcessPlanner.Add(steps, process, new ProcessSurroundings
        {
            Capabilities = new CapabilitySets(),
            LastCapability = 40,
            Filter = filter,
            Entry = ProcessEntry.Steps(terminal: false, waits: true),
        });
        return steps;
    }

    [Fact]
    public void Home_is_looked_up_only_when_the_environment_has_none()
    {
        var codes = Codes(s_process with { Env = ["HOME=/h"] });
        Assert.DoesNotContain(StepCode.HomeVariable, codes);
        var execute = Plan(s_process)[^1];
        Assert.Equal<IEnumerable<string?>>(["PATH=/bin", "HOME=/"], execute.Environment!);
    }

    [Fact]
    public void Supplementary_groups_are_always_set()
    {
        Assert.Empty(Plan(s_process).Single(step => step.Code == StepCode.User).Data!);
        byte[] groups = Plan(s_process with { User = s_process.User with { AdditionalGids = [7, 0x01020304] } }).Single(step => step.Code == StepCode.User).Data!;
        Assert.Equal([7, 0, 0, 0, 4, 3, 2, 1], groups);
    }

    [Fact]
    public void A_soft_limit_above_the_hard_one_is_refused() =>
        Assert.Throws<RuntimeException>(() => Plan(s_process with { Rlimits = [new SpecRlimit { Type = "RLIMIT_CORE", Soft = 2, Hard = 1 }] }));

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
