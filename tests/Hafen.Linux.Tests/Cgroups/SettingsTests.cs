using Hafen.Linux.Cgroups;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Tests.Cgroups;

public sealed class SettingsTests
{
    [Fact]
    public void Legacy_writes_every_limit()
    {
        var plan = LegacySettings.Plan(Everything());
        Assert.Equal(
            [
                "memory.limit_in_bytes=1000 ?", "memory.memsw.limit_in_bytes=2000", "memory.soft_limit_in_bytes=500", "memory.kmem.tcp.limit_in_bytes=600",
                "memory.oom_control=1", "memory.swappiness=10", "cpu.rt_period_us=1000000 ?", "cpu.rt_runtime_us=950000", "cpu.shares=512", "cpu.cfs_period_us=50000 ?",
                "cpu.cfs_burst_us=1000 ?", "cpu.cfs_quota_us=25000", "cpu.idle=1", "cpuset.cpus=0-1", "cpuset.mems=0", "pids.max=64",
                "blkio.bfq.weight=300", "blkio.bfq.weight_device=8:0 400", "blkio.throttle.read_bps_device=8:0 1", "blkio.throttle.write_bps_device=8:0 2",
                "blkio.throttle.read_iops_device=8:0 3", "blkio.throttle.write_iops_device=8:0 0", "hugetlb.2MB.limit_in_bytes=4096",
                "hugetlb.2MB.rsvd.limit_in_bytes=4096", "net_cls.classid=1048577", "net_prio.ifpriomap=eth0 3",
                "rdma.max=mlx5_1 hca_handle=3 hca_object=max",
            ],
            plan.Select(Text));
    }

    [Fact]
    public void Unified_writes_what_it_has()
    {
        var everything = Everything();
        var plan = UnifiedSettings.Plan(everything with
        {
            Unified = new() { ["memory.high"] = "900" },
            Memory = everything.Memory! with { DisableOomKiller = null, Swappiness = null, KernelTcp = null },
            Cpu = everything.Cpu! with { RealtimePeriod = null, RealtimeRuntime = null },
            BlockIo = everything.BlockIo! with { LeafWeight = null },
            Network = null,
        });
        Assert.Equal(
            [
                "pids.max=64", "memory.swap.max=1000", "memory.max=1000", "memory.low=500", "io.bfq.weight=300", "io.bfq.weight=8:0 400",
                "io.max=8:0 rbps=1", "io.max=8:0 wbps=2", "io.max=8:0 riops=3", "io.max=8:0 wiops=max", "cpu.idle=1",
                "cpu.max.burst=1000 ?", "cpu.max=25000 50000", "cpuset.cpus=0-1", "cpuset.mems=0", "hugetlb.2MB.max=4096", "hugetlb.2MB.rsvd.max=4096",
                "rdma.max=mlx5_1 hca_handle=3 hca_object=max", "memory.high=900",
            ],
            plan.Select(Text));
        Assert.Equal("io.weight=2930", Text(plan[4].Alternative!));
    }

    public static TheoryData<string, SpecResources> OfLegacyOnly() => new()
    {
        { "memory.swappiness", new() { Memory = new() { Swappiness = 0 } } },
        { "memory.disableOOMKiller", new() { Memory = new() { DisableOomKiller = true } } },
        { "memory.kernel", new() { Memory = new() { Kernel = 1 } } },
        { "memory.kernelTCP", new() { Memory = new() { KernelTcp = 1 } } },
        { "cpu.realtimeRuntime", new() { Cpu = new() { RealtimeRuntime = 1 } } },
        { "cpu.realtimePeriod", new() { Cpu = new() { RealtimePeriod = 1 } } },
        { "blockIO.leafWeight", new() { BlockIo = new() { WeightDevice = [new() { LeafWeight = 1 }] } } },
        { "network.classID", new() { Network = new() { ClassId = 1 } } },
        { "network.priorities", new() { Network = new() { Priorities = [new() { Name = "eth0" }] } } },
    };

    [Theory]
    [MemberData(nameof(OfLegacyOnly))]
    public void What_v2_cannot_do_is_refused_by_name(string name, SpecResources resources) =>
        Assert.Equal("cgroup v2 has no counterpart for " + name, Assert.Throws<CgroupException>(() => UnifiedSettings.Plan(resources)).Message);

    [Fact]
    public void Nothing_asked_writes_nothing()
    {
        var empty = new SpecResources
        {
            Cpu = new() { Shares = 0, Quota = 0, Period = 0, RealtimePeriod = 0, RealtimeRuntime = 0 },
            Memory = new() { DisableOomKiller = false, Kernel = 0, KernelTcp = 0 },
            BlockIo = new() { Weight = 0 },
            Network = new(),
        };
        Assert.Empty(LegacySettings.Plan(empty));
        Assert.Empty(UnifiedSettings.Plan(empty));
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(2, 1)]
    [InlineData(1024, 100)]
    [InlineData(512, 59)]
    [InlineData(262144, 10000)]
    [InlineData(999999, 10000)]
    public void Shares_become_weight(ulong shares, ulong weight) => Assert.Equal(weight, UnifiedSettings.WeightFromShares(shares));

    [Theory]
    [InlineData(10, 1)]
    [InlineData(500, 4950)]
    [InlineData(1000, 10000)]
    public void Block_weight_becomes_io_weight(ushort weight, ulong expected) => Assert.Equal(expected, UnifiedSettings.IoWeightFromBlockWeight(weight));

    [Theory]
    [InlineData(null, null, null)]
    [InlineData(null, -1L, -1L)]
    [InlineData(-1L, 100L, -1L)]
    [InlineData(300L, 100L, 200L)]
    [InlineData(100L, 100L, 0L)]
    [InlineData(300L, -1L, 300L)]
    public void Swap_is_counted_alone(long? both, long? memory, long? expected) => Assert.Equal(expected, UnifiedSettings.SwapAlone(both, memory));

    [Theory]
    [InlineData(100L, null, "unable to set swap limit without memory limit")]
    [InlineData(50L, 100L, "memory+swap limit should be >= memory limit")]
    public void Impossible_swap_is_refused(long? both, long? memory, string message) =>
        Assert.Equal(message, Assert.Throws<CgroupException>(() => UnifiedSettings.SwapAlone(both, memory)).Message);

    [Fact]
    public void Impossible_values_are_refused_by_name()
    {
        Assert.Equal("the minimum allowed cpu-shares is 2", Refusal(new() { Cpu = new() { Shares = 1 } }));
        Assert.Equal("the maximum allowed cpu-shares is 262144", Refusal(new() { Cpu = new() { Shares = 262145 } }));
        Assert.Equal("invalid memory swappiness value: 101 (valid range is 0-100)", Refusal(new() { Memory = new() { Swappiness = 101 } }));
        Assert.Contains("memory.kernel", Refusal(new() { Memory = new() { Kernel = 1 } }));
        Assert.Contains("cgroup v1", Refusal(new() { Unified = new() { ["memory.high"] = "1" } }));
        Assert.Throws<CgroupException>(() => UnifiedSettings.Plan(new() { Unified = new() { ["../memory.max"] = "1" } }));
        Assert.Throws<CgroupException>(() => UnifiedSettings.Plan(new() { Unified = new() { ["memory." + new string('x', 200)] = "1" } }));
        Assert.Equal("invalid hugepage size \"../2MB\"", Refusal(new() { HugepageLimits = [new() { PageSize = "../2MB", Limit = 1 }] }));
    }

    private static string Refusal(SpecResources resources) => Assert.Throws<CgroupException>(() => LegacySettings.Plan(resources)).Message;

    private static string Text(CgroupSetting setting) => $"{setting.File}={setting.Value}{(setting.Deferrable ? " ?" : "")}";

    private static SpecResources Everything() => new()
    {
        Memory = new() { Limit = 1000, Swap = 2000, Reservation = 500, DisableOomKiller = true, Swappiness = 10, KernelTcp = 600 },
        Cpu = new()
        {
            Shares = 512,
            Quota = 25000,
            Period = 50000,
            Burst = 1000,
            Idle = 1,
            RealtimePeriod = 1000000,
            RealtimeRuntime = 950000,
            Cpus = "0-1",
            Mems = "0",
        },
        Pids = new() { Limit = 64 },
        BlockIo = new()
        {
            Weight = 300,
            WeightDevice = [new() { Major = 8, Minor = 0, Weight = 400 }],
            ThrottleReadBpsDevice = [new() { Major = 8, Minor = 0, Rate = 1 }],
            ThrottleWriteBpsDevice = [new() { Major = 8, Minor = 0, Rate = 2 }],
            ThrottleReadIopsDevice = [new() { Major = 8, Minor = 0, Rate = 3 }],
            ThrottleWriteIopsDevice = [new() { Major = 8, Minor = 0, Rate = 0 }],
        },
        HugepageLimits = [new() { PageSize = "2MB", Limit = 4096 }],
        Network = new() { ClassId = 1048577, Priorities = [new() { Name = "eth0", Priority = 3 }] },
        Rdma = new() { ["mlx5_1"] = new() { HcaHandles = 3 } },
    };
}
