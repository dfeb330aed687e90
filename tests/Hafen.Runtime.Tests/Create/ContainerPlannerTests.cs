using Hafen.Linux.Capabilities;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Create;
using Hafen.Runtime.Init;
using Hafen.Runtime.Rootfs;
using Hafen.Runtime.Security;

namespace Hafen.Runtime.Tests.Create;

public class ContainerPlannerTests
{
    [Fact]
    public void A_containers_plan_printed()
    {
        var spec = SampleSpec.Minimal with
        {
            Hostname = "h",
            Root = new SpecRoot { Path = "rootfs", Readonly = true },
            Process = SampleSpec.Minimal.Process! with { Terminal = true, OomScoreAdj = 5, ConsoleSize = new SpecConsoleSize { Height = 24, Width = 80 } },
            Mounts =
            [
                new SpecMount { Destination = "/proc", Type = "proc", Source = "proc" },
                new SpecMount { Destination = "/dev/pts", Type = "devpts", Source = "devpts" },
            ],
            Linux = new SpecLinux
            {
                Namespaces = [.. new[] { "mount", "network", "uts", "cgroup" }.Select(type => new SpecNamespace { Type = type })],
                Devices = [new SpecDevice { Path = "/dev/null", Type = "c", Major = 1, Minor = 3, FileMode = 0x180, Uid = 4, Gid = 5 }],
                MaskedPaths = ["/proc/kcore"],
                ReadonlyPaths = ["/proc/sys"],
                RootfsPropagation = "rshared",
                Sysctl = new() { ["net.ipv4.ip_forward"] = "1" },
            },
        };

        string[] lines = Build(spec, [40, 41]).TakeWhile(step => step.Code != StepCode.OwnStreams).Select(step => step.ToString()).ToArray();

        Assert.Equal(
            [
                "JoinCgroup",
                "JoinCgroup",
                "Unshare value=0x2000000",
                "NewSession",
                "SessionKeyring _ses.c1",
                "LoopbackUp",
                "HostPropagation value=0x84000",
                "AttachAtHost /b/rootfs from BindHandle { Source = /b/rootfs, Recursive = True, Beneath = , Set = 0, Clear = 0, RecursiveSet = 0, RecursiveClear = 0, Propagation = 262144, RecursivePropagation = True }",
                "OpenRoot /b/rootfs",
                "NewFileSystem /proc <proc> [source proc] number=9",
                "NewFileSystem /dev/pts <devpts> [source devpts]",
                "MakeNode /dev/zero value=0x21b6 other=0x105",
                "MakeNode /dev/full value=0x21b6 other=0x107",
                "MakeNode /dev/random value=0x21b6 other=0x108",
                "MakeNode /dev/urandom value=0x21b6 other=0x109",
                "MakeNode /dev/tty value=0x21b6 other=0x500",
                "MakeNode /dev/null value=0x2180 other=0x103 number=4",
                "MakeLink /dev/fd </proc/self/fd>",
                "MakeLink /dev/stdin </proc/self/fd/0>",
                "MakeLink /dev/stdout </proc/self/fd/1>",
                "MakeLink /dev/stderr </proc/self/fd/2>",
                "MakeLink /dev/core </proc/kcore>",
                "MakeLink /dev/ptmx <pts/ptmx> value=0x1",
                "Terminal value=0x18 other=0x50",
                "Console",
                "MakeFolder /work",
                "ReadonlyPath /proc/sys",
                "Mask /proc/kcore",
                "Pivot",
                "RootPropagation value=0x100000",
                "RootReadonly",
                "HostName h",
                "WriteProc sys/net/ipv4/ip_forward",
                "WriteProc self/oom_score_adj",
                "StandardStreams value=0xffffffffffffffff other=0xffffffffffffffff number=-1",
                "ControllingTerminal",
            ], lines);
    }

    [Fact]
    public void Given_root_mounts_replace_the_bind_mount_of_the_root()
    {
        var overlay = new SpecMount { Destination = "/", Type = "overlay", Source = "overlay", Options = ["lowerdir=/a:/b", "upperdir=/u", "workdir=/w"] };
        var steps = Build(SampleSpec.Minimal, [], overlay);
        Assert.DoesNotContain(steps, step => step.Code == StepCode.AttachAtHost);
        Assert.Equal("OverlayAtHost /b/rootfs [source overlay lowerdir+ /a lowerdir+ /b upperdir /u workdir /w]",
            steps.Single(step => step.Code == StepCode.OverlayAtHost).ToString());
    }

    [Fact]
    public void A_hosts_dev_bound_in_whole_is_left_alone()
    {
        var spec = SampleSpec.Minimal with { Mounts = [new SpecMount { Destination = "/dev/", Type = "bind", Source = "/dev", Options = ["rbind"] }] };
        Assert.DoesNotContain(Build(spec, []), step => step.Code is StepCode.MakeNode or StepCode.MakeLink);
    }

    [Fact]
    public void In_a_user_namespace_devices_are_bound() =>
        Assert.DoesNotContain(Build(SampleSpec.Minimal, [], userNamespace: true), step => step.Code == StepCode.MakeNode);

    [Fact]
    public void Hooks_that_belong_outside_make_init_wait_before_the_change_of_root()
    {
        var spec = SampleSpec.Minimal with { Hooks = new SpecHooks { Prestart = [new SpecHook { Path = "/h" }] } };
        var codes = Build(spec, []).Select(step => step.Code).ToList();
        int wait = codes.IndexOf(StepCode.Await);
        Assert.Equal(StepCode.Report, codes[wait - 1]);
        Assert.True(wait < codes.IndexOf(StepCode.Pivot));
        Assert.True(wait > codes.IndexOf(StepCode.MakeLink));
    }

    private static List<PlannedStep> Build(RuntimeSpec spec, int[] cgroupFiles, SpecMount? rootfs = null, bool userNamespace = false) =>
        ContainerPlanner.Build(new ContainerPlanInput
        {
            Request = new CreateContainerRequest { Id = "c1", Bundle = "/b", Spec = spec, Rootfs = rootfs is null ? [] : [rootfs] },
            Namespaces = NamespacePlan.Build(spec.Linux!),
            Cgroups = new CgroupView(false, true, []),
            CgroupFiles = cgroupFiles,
            HasCore = true,
            Process = new ProcessSurroundings { Capabilities = new CapabilitySets(), LastCapability = 40, UserNamespace = userNamespace, WaitForStart = true },
        });
}
