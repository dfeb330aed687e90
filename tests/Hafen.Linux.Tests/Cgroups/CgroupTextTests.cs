using Hafen.Linux.Cgroups;

namespace Hafen.Linux.Tests.Cgroups;

public sealed class CgroupTextTests
{
    [Fact]
    public void Keys_are_matched_whole()
    {
        const string Text = "oom_kill_disable 0\nunder_oom 0\noom_kill 3\nlow x\n";
        Assert.Equal(3UL, CgroupText.Value(Text, "oom_kill"));
        Assert.Equal(0UL, CgroupText.Value(Text, "absent"));
        Assert.Equal(3, CgroupText.FlatKeyed(Text).Count);
    }

    [Fact]
    public void Legacy_block_statistics()
    {
        var entries = CgroupText.BlockIo("8:0 Read 4096\n8:0 Total 5000\nTotal 5000\n");
        Assert.Equal([new(8, 0, "Read", 4096), new(8, 0, "Total", 5000)], entries);
    }

    [Fact]
    public void Unified_io_statistics()
    {
        const string Text = "254:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n7:0 \n";
        Assert.Equal([new(254, 0, "read", 1), new(254, 0, "write", 2)], CgroupText.IoStat(Text, "rbytes", "wbytes"));
        Assert.Equal([new(254, 0, "read", 3), new(254, 0, "write", 4)], CgroupText.IoStat(Text, "rios", "wios"));
    }

    [Fact]
    public void Per_cpu_numbers() => Assert.Equal([12UL, 34UL], CgroupText.Numbers("12 34 \n"));
}
