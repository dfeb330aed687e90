using Hafen.Errors;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Create;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Tests.Create;

public class SpecCheckTests
{
    private static readonly SpecIdMapping[] s_mapping = [new() { ContainerId = 0, HostId = 100000, Size = 65536 }];

    [Fact]
    public void The_sample_is_fine() => SpecCheck.Container(SampleSpec.Minimal);

    public static TheoryData<string, RuntimeSpec> Wrong()
    {
        var good = SampleSpec.Minimal;
        var linux = good.Linux!;
        RuntimeSpec Spaces(params SpecNamespace[] namespaces) => good with { Linux = linux with { Namespaces = namespaces } };
        SpecNamespace mount = new() { Type = "mount" };
        return new TheoryData<string, RuntimeSpec>
        {
            { "ociVersion", good with { OciVersion = "2.0.0" } },
            { "root", good with { Root = null } },
            { "process", good with { Process = null } },
            { "args", good with { Process = good.Process! with { Args = [] } } },
            { "cwd", good with { Process = good.Process! with { Cwd = "rel" } } },
            { "zero byte", good with { Process = good.Process! with { Env = ["A=\0"] } } },
            { "oomScoreAdj", good with { Process = good.Process! with { OomScoreAdj = 1001 } } },
            { "unknown namespace", Spaces(mount, new SpecNamespace { Type = "foo" }) },
            { "duplicated", Spaces(mount, mount) },
            { "mount namespace", Spaces(new SpecNamespace { Type = "pid" }) },
            { "joining", Spaces(new SpecNamespace { Type = "mount", Path = "/proc/1/ns/mnt" }) },
            { "not absolute", Spaces(mount, new SpecNamespace { Type = "pid", Path = "x" }) },
            { "mappings", Spaces(mount, new SpecNamespace { Type = "user" }) },
            { "pid namespace", good with { Linux = linux with { Namespaces = [mount, new() { Type = "user" }, new() { Type = "pid", Path = "/proc/1/ns/pid" }], UidMappings = s_mapping, GidMappings = s_mapping } } },
            { "UTS", Spaces(mount) with { Hostname = "h" } },
            { "UTS", Spaces(mount) with { Hostname = "", Domainname = "d" } },
            { "intelRdt", good with { Linux = linux with { IntelRdt = new() } } },
            { "memoryPolicy", good with { Linux = linux with { MemoryPolicy = new() } } },
            { "netDevices", good with { Linux = linux with { NetDevices = new() } } },
            { "mountLabel", good with { Linux = linux with { MountLabel = "x" } } },
            { "timeOffsets", good with { Linux = linux with { TimeOffsets = new() { ["boottime"] = new SpecTimeOffset() } } } },
        };
    }

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_cannot_be_is_refused_by_name(string word, RuntimeSpec spec)
    {
        var failure = Assert.Throws<RuntimeException>(() => SpecCheck.Container(spec)).Failure;
        Assert.Equal(ErrorKind.InvalidParameter, failure.Kind);
        Assert.Contains(word, failure.Message, StringComparison.Ordinal);
    }
}
