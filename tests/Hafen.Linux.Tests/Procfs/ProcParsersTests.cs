using System.Text;
using Hafen.Linux.Procfs;

namespace Hafen.Linux.Tests.Procfs;

public sealed class ProcParsersTests
{
    [Fact]
    public void Stat_with_a_name_made_to_confuse()
    {
        const string Text = "42 (a) S 1 (b) S 7 8 9 34816 10 4194560 11 0 12 0 13 14 15 16 20 0 3 0 999 4096000 77 18446744073709551615 "
            + "1 1 0 0 0 0 0 4096 0 0 0 0 17 1 5 2 0 0 0 0 0 0 0 0 0 0 0\n";
        Assert.True(ProcessStat.TryParse(Encoding.ASCII.GetBytes(Text), out var stat));
        Assert.Equal((42, "a) S 1 (b", 'S', 7, 8, 9, 34816, 10), (stat.Pid, stat.Comm, stat.State, stat.Ppid, stat.Pgrp, stat.Session, stat.TtyNr, stat.Tpgid));
        Assert.Equal((11UL, 12UL, 13UL, 14UL), (stat.MinorFaults, stat.MajorFaults, stat.Utime, stat.Stime));
        Assert.Equal((20L, 0L, 3L, 999UL, 4096000UL, 77L), (stat.Priority, stat.Nice, stat.Threads, stat.StartTime, stat.VirtualSize, stat.ResidentPages));
        Assert.Equal((1, 5u, 2u), (stat.Processor, stat.RealtimePriority, stat.Policy));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1 (x")]
    [InlineData("1 (x) S 1 2")]
    public void Half_a_stat_is_none(string text) => Assert.False(ProcessStat.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void This_process_parses()
    {
        Assert.True(ProcessStat.TryRead(Environment.ProcessId, out var stat));
        Assert.Equal(Environment.ProcessId, stat.Pid);
        Assert.True(ProcessStatus.TryRead(Environment.ProcessId, out var status));
        Assert.Equal(Environment.ProcessId, status.Tgid);
        Assert.True(status.VmResidentKiB > 1000);
        Assert.NotEmpty(ProcessCgroup.Read(Environment.ProcessId));
        Assert.Contains(MountInfo.ReadSelf(), mount => mount.MountPoint == "/proc" && mount.FileSystem == "proc");
        Assert.False(ProcessStat.TryRead(int.MaxValue, out _));
    }

    [Fact]
    public void Status_numbers_and_masks()
    {
        const string Text = "Name:\tx\nTgid:\t9\nTracerPid:\t3\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nNSpid:\t900\t12\t1\nVmRSS:\t    2048 kB\n"
            + "CapBnd:\t00000000a80425fb\nNoNewPrivs:\t1\nSeccomp:\t2\n";
        Assert.True(ProcessStatus.TryParse(Encoding.ASCII.GetBytes(Text), out var status));
        Assert.Equal((9, 3, 1, 2048UL, 0xa80425fbUL, true, 2),
            (status.Tgid, status.TracerPid, status.NamespacePid, status.VmResidentKiB, status.CapBnd, status.NoNewPrivileges, status.Seccomp));
        Assert.Equal((1u, 2u, 3u, 4u, 5u, 8u),
            (status.RealUid, status.EffectiveUid, status.SavedUid, status.FileSystemUid, status.RealGid, status.FileSystemGid));
    }

    [Fact]
    public void Mount_lines_with_escapes_and_propagation()
    {
        var mounts = MountInfo.Parse(
            """
            36 35 98:0 /a\040b /mnt\134x rw,noatime shared:1 master:2 - ext3 /dev/ro\011ot rw,errors=continue
            37 35 0:5 / /e rw - tmpfs  rw,size=4k
            nonsense
            """u8);
        Assert.Equal(2, mounts.Count);
        Assert.Equal(new MountInfo(36, 35, 98, 0, "/a b", "/mnt\\x", "rw,noatime", "shared:1 master:2", "ext3", "/dev/ro\tot", "rw,errors=continue"), mounts[0]);
        Assert.Equal(("", "", "rw,size=4k"), (mounts[1].Optional, mounts[1].Source, mounts[1].SuperOptions));
    }

    [Fact]
    public void Cgroup_lines() =>
        Assert.Equal([new(4, "cpu,cpuacct", "/a:b"), new(1, "name=systemd", "/"), new(0, "", "/x")],
            ProcessCgroup.Parse("4:cpu,cpuacct:/a:b\n1:name=systemd:/\n0::/x\n"u8));
}
