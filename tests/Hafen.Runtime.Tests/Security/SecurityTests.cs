using System.Buffers.Binary;
using Hafen.Errors;
using Hafen.Linux.Capabilities;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Tests.Security;

public class SecurityTests
{
    [Fact]
    public void A_filter_that_asks_somebody_is_refused()
    {
        var profile = new SpecSeccomp { DefaultAction = "SCMP_ACT_ALLOW", Syscalls = [new SpecSyscall { Names = ["mkdir"], Action = "SCMP_ACT_NOTIFY" }] };
        Assert.Contains("SCMP_ACT_NOTIFY", Assert.Throws<RuntimeException>(() => SeccompChoice.Choose(profile, null)).Message, StringComparison.Ordinal);
        Assert.Contains("listenerPath", Assert.Throws<RuntimeException>(() => SeccompChoice.Choose(profile with { ListenerPath = "/x" }, null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "01")]
    [InlineData("1-3,0", "0F")]
    [InlineData("8,63", "0001000000000080")]
    [InlineData("64", "00000000000000000100000000000000")]
    public void A_list_of_cpus_becomes_a_mask_of_whole_words(string list, string mask) =>
        Assert.Equal(mask.PadRight((mask.Length + 15) / 16 * 16, '0'), Convert.ToHexString(CpuList.ToMask(list)));

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("3-1")]
    [InlineData("-1")]
    [InlineData("8192")]
    [InlineData("0,,1")]
    public void What_is_no_list_of_cpus_is_refused(string list) => Assert.Throws<RuntimeException>(() => CpuList.ToMask(list));

    [Theory]
    [InlineData("net.ipv4.ip_forward", "net/ipv4/ip_forward")]
    [InlineData("net/ipv4/conf/eth0.100/forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    [InlineData("net.ipv4.conf.eth0/100.forwarding", "net/ipv4/conf/eth0.100/forwarding")]
    public void Names_of_kernel_parameters_are_read_as_sysctl_reads_them(string name, string path) => Assert.Equal(path, Sysctls.ToPath(name));

    [Theory]
    [InlineData("net.ipv4.ip_forward", "network", true)]
    [InlineData("net.ipv4.ip_forward", "ipc", false)]
    [InlineData("kernel.shmmax", "ipc", true)]
    [InlineData("kernel.shmmax", "network", false)]
    [InlineData("fs.mqueue.msg_max", "ipc", true)]
    [InlineData("kernel.domainname", "uts", true)]
    [InlineData("kernel.hostname", "uts", false)]
    [InlineData("kernel.panic", "ipc", false)]
    [InlineData("vm.overcommit_memory", "network", false)]
    [InlineData("net/../kernel/panic", "network", false)]
    public void Only_parameters_of_an_own_namespace_are_set(string name, string ownNamespace, bool allowed)
    {
        var linux = new SpecLinux { Namespaces = [new SpecNamespace { Type = ownNamespace }], Sysctl = new() { [name] = "1" } };
        var steps = new List<PlannedStep>();
        if (allowed)
        {
            Sysctls.Add(steps, linux);
            Assert.StartsWith("sys/", Assert.Single(steps).Text, StringComparison.Ordinal);
        }
        else
        {
            Assert.Equal(ErrorKind.InvalidParameter, Assert.Throws<RuntimeException>(() => Sysctls.Add(steps, linux)).Failure.Kind);
        }
    }

    [Fact]
    public void Capabilities_that_the_runtime_lacks_are_left_out_with_a_warning_and_the_sets_stay_within_each_other()
    {
        var warnings = new List<string>();
        var spec = new SpecCapabilities
        {
            Bounding = ["CAP_CHOWN", "CAP_SYS_RESOURCE", "CAP_FUTURE"],
            Permitted = ["CAP_CHOWN"],
            Effective = ["CAP_CHOWN", "CAP_KILL"],
            Inheritable = ["CAP_CHOWN", "CAP_KILL"],
            Ambient = ["CAP_CHOWN", "CAP_KILL"],
        };
        var sets = CapabilityChoice.Choose(spec, 40, ~(1UL << CapabilityNames.Number("CAP_SYS_RESOURCE")), warnings);
        const ulong Chown = 1, Kill = 1 << 5;
        Assert.Equal((Chown, Chown, Chown, Chown | Kill, Chown), (sets.Bounding, sets.Permitted, sets.Effective, sets.Inheritable, sets.Ambient));
        Assert.Equal(2, warnings.Count);
        Assert.Contains(warnings, warning => warning.Contains("CAP_FUTURE", StringComparison.Ordinal));
        Assert.Contains(warnings, warning => warning.Contains("CAP_SYS_RESOURCE", StringComparison.Ordinal));
    }

    [Fact]
    public void No_capabilities_means_none() =>
        Assert.Equal(default, CapabilityChoice.Choose(null, 40, ulong.MaxValue, []));

    [Theory]
    [InlineData("RLIMIT_CPU", 0)]
    [InlineData("RLIMIT_NOFILE", 7)]
    [InlineData("RLIMIT_RTTIME", 15)]
    public void Limits_have_their_numbers(string name, int number) => Assert.Equal(number, ResourceLimits.Number(name));

    [Theory]
    [InlineData("NOFILE")]
    [InlineData("RLIMIT_FOO")]
    public void Unknown_limits_are_refused(string name) => Assert.Throws<RuntimeException>(() => ResourceLimits.Number(name));

    [Fact]
    public void Scheduler_attributes_have_the_kernels_layout()
    {
        byte[] data = SchedulerAttributes.Encode(new SpecScheduler
        {
            Policy = "SCHED_DEADLINE",
            Flags = ["SCHED_FLAG_RESET_ON_FORK", "SCHED_FLAG_DL_OVERRUN"],
            Runtime = 1,
            Deadline = 2,
            Period = 3,
        });
        Assert.Equal(48, data.Length);
        Assert.Equal((48u, 6u), (BinaryPrimitives.ReadUInt32LittleEndian(data), BinaryPrimitives.ReadUInt32LittleEndian(data.AsSpan(4))));
        Assert.Equal((5UL, 1UL, 2UL, 3UL), (BitConverter.ToUInt64(data, 8), BitConverter.ToUInt64(data, 24), BitConverter.ToUInt64(data, 32), BitConverter.ToUInt64(data, 40)));
        Assert.Throws<RuntimeException>(() => SchedulerAttributes.Encode(new SpecScheduler { Policy = "SCHED_NONE" }));
    }

    [Fact]
    public void Io_priorities_are_class_and_level()
    {
        Assert.Equal((2 << 13) | 4, IoPriority.Encode(new SpecIoPriority { Class = "IOPRIO_CLASS_BE", Priority = 4 }));
        Assert.Throws<RuntimeException>(() => IoPriority.Encode(new SpecIoPriority { Class = "IOPRIO_CLASS_BE", Priority = 8 }));
    }

    [Theory]
    [InlineData("true", "PATH=/bin:/usr/bin/", "/bin/true /usr/bin/true")]
    [InlineData("true", "PATH=:.:rel:/bin", "/bin/true")]
    [InlineData("./true", "PATH=/bin", "./true")]
    [InlineData("/x/true", "A=b", "/x/true")]
    [InlineData("true", "A=b", "")]
    [InlineData("", "PATH=/bin", "")]
    public void A_command_is_searched_in_the_absolute_folders_of_path(string command, string environment, string expected) =>
        Assert.Equal(expected, string.Join(' ', ProcessPlanner.Candidates(command, [environment])));
}
