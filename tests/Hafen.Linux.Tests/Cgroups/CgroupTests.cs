using System.Diagnostics;
using Hafen.Linux.Cgroups;
using Hafen.Linux.Events;
using Hafen.Oci.Runtime;

namespace Hafen.Linux.Tests.Cgroups;

/// <summary>Against the kernel this runs on, whichever cgroup version it has.</summary>
public sealed class CgroupTests : IDisposable
{
    private static readonly CgroupHierarchies s_host = CgroupHierarchies.Detect();

    private readonly string _parent = $"/hafen-test-{Environment.ProcessId}-{Guid.NewGuid():N}"[..32];
    private readonly List<Process> _processes = [];

    public void Dispose()
    {
        foreach (var process in _processes)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
        }

        Cgroup.Open(s_host, _parent).Destroy();
    }

    [Fact]
    public void Created_with_limits_that_the_kernel_shows()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/limits", new SpecResources
        {
            Memory = new() { Limit = 64 << 20, Swap = 128 << 20, Reservation = 32 << 20 },
            Cpu = new() { Shares = 512, Quota = 50_000, Period = 100_000 },
            Pids = new() { Limit = 17 },
            Devices = [.. DevicePolicy.DockerDefaults],
        });
        var stats = cgroup.Stats();
        Assert.Equal(64UL << 20, stats.Memory!.Limit);
        Assert.Equal(17UL, stats.Pids!.Limit);
        Assert.Equal(0UL, stats.Pids.Current);
        Assert.NotNull(stats.Cpu);
        Assert.NotNull(stats.BlockIo);
        if (s_host.Mode != CgroupMode.Unified)
        {
            Assert.Equal("512", Read("cpu", "limits", "cpu.shares"));
            Assert.Equal("50000", Read("cpu", "limits", "cpu.cfs_quota_us"));
            Assert.Equal((128 << 20).ToString(), Read("memory", "limits", "memory.memsw.limit_in_bytes"));
            Assert.Equal(File.ReadAllText("/sys/fs/cgroup/cpuset/cpuset.cpus").Trim(), Read("cpuset", "limits", "cpuset.cpus"));
            var policy = DevicePolicy.FromList(Read("devices", "limits", "devices.list"));
            Assert.Equal(
                DevicePolicy.ForContainer(DevicePolicy.DockerDefaults).Exceptions.OrderBy(entry => entry.Key.ToString()),
                policy.Exceptions.OrderBy(entry => entry.Key.ToString()));
        }

        else
        {
            Assert.Equal("59", Read("cpu", "limits", "cpu.weight"));
            Assert.Equal("50000 100000", Read("cpu", "limits", "cpu.max"));
            Assert.Equal((32 << 20).ToString(), Read("memory", "limits", "memory.low"));
        }

        cgroup.Destroy();
        Assert.False(cgroup.Exists);
    }

    [Fact]
    public void Limits_grow_and_shrink()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/update", new SpecResources { Memory = new() { Limit = 32 << 20, Swap = 64 << 20 } });
        cgroup.Update(new SpecResources { Memory = new() { Limit = 256 << 20, Swap = 512 << 20 }, Cpu = new() { Quota = 20_000, Period = 10_000 } });
        Assert.Equal(256UL << 20, cgroup.Stats().Memory!.Limit);
        cgroup.Update(new SpecResources { Memory = new() { Limit = 16 << 20, Swap = 16 << 20 }, Pids = new() { Limit = 5 } });
        Assert.Equal(16UL << 20, cgroup.Stats().Memory!.Limit);
        cgroup.Update(new SpecResources { Memory = new() { Limit = -1 }, Pids = new() { Limit = -1 } });
        Assert.Equal(ulong.MaxValue, cgroup.Stats().Memory!.Limit);
        Assert.Equal(0UL, cgroup.Stats().Pids!.Limit);
    }

    [Fact]
    public void Devices_are_updated_in_place()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/devices", null);
        cgroup.Update(new SpecResources { Devices = [new() { Allow = true, Type = "b", Major = 8, Minor = 0, Access = "rw" }] });
        if (s_host.Mode != CgroupMode.Unified)
            Assert.Contains("b 8:0 rw", Read("devices", "devices", "devices.list"));
        cgroup.Update(new SpecResources { Devices = [new() { Allow = true }] });
        if (s_host.Mode != CgroupMode.Unified)
            Assert.Equal("a *:* rwm", Read("devices", "devices", "devices.list"));
    }

    /// <summary>The kernel's own decision, whether through v1's files or the v2 program.</summary>
    [Fact]
    public void Devices_are_denied_until_allowed()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/denied", new SpecResources { Devices = [.. DevicePolicy.DockerDefaults] });
        Assert.Equal("null zero", OpenedIn(cgroup));
        cgroup.Update(new SpecResources { Devices = [.. DevicePolicy.DockerDefaults, new() { Allow = true, Type = "c", Major = 1, Minor = 11, Access = "r" }] });
        Assert.Equal("null zero kmsg", OpenedIn(cgroup));
        cgroup.Update(new SpecResources { Devices = [new() { Allow = true }, new() { Allow = false, Type = "c", Major = 1, Minor = 5, Access = "r" }] });
        // Zero is one of the devices that are always allowed, whatever the rules say.
        Assert.Equal("null zero kmsg", OpenedIn(cgroup));
        cgroup.Update(new SpecResources { Devices = [new() { Allow = false }] });
        Assert.Equal("null zero", OpenedIn(cgroup));
    }

    [Fact]
    public void A_newcomer_follows_init_into_the_cgroup_it_moved_to()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/nested", null);
        if (s_host.Mode != CgroupMode.Unified)
        {
            // v1 lets processes be anywhere: the newcomer enters at the top.
            cgroup.OpenForJoin(Environment.ProcessId);
            Assert.Equal(cgroup.Directories.Count, cgroup.JoinFiles.Length);
            return;
        }

        string inner = cgroup.Directories[""] + "/init";
        Directory.CreateDirectory(inner);
        var process = Start("exec sleep 60");
        File.WriteAllText(inner + "/cgroup.procs", process.Id.ToString());
        cgroup.OpenForJoin(process.Id);
        Assert.Equal(inner, File.ResolveLinkTarget($"/proc/self/fd/{cgroup.CloneTarget}", false)!.FullName);
        Assert.Equal([process.Id], cgroup.Pids());
        cgroup.Kill(9);
        process.WaitForExit();
        cgroup.Destroy();
    }

    [Fact]
    public void Processes_are_listed_frozen_and_killed()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/running", null);
        var process = Start("while :; do sleep 0.01; done");
        cgroup.Add(process.Id);
        Assert.Contains(process.Id, cgroup.Pids());
        Assert.Equal(FreezerState.Thawed, cgroup.State);

        cgroup.Freeze();
        Assert.Equal(FreezerState.Frozen, cgroup.State);
        string before = File.ReadAllText($"/proc/{process.Id}/stat");
        Thread.Sleep(50);
        Assert.Equal(before, File.ReadAllText($"/proc/{process.Id}/stat"));
        cgroup.Thaw();
        Assert.Equal(FreezerState.Thawed, cgroup.State);

        cgroup.Freeze();
        cgroup.Kill(9);
        Assert.True(process.WaitForExit(60_000));
        cgroup.Destroy();
        Assert.Empty(cgroup.Pids());
        Assert.False(cgroup.Exists);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Lack_of_memory_is_told(bool killerOff)
    {
        Assert.SkipWhen(killerOff && s_host.Mode == CgroupMode.Unified, "cgroup v2 has no switch for the killer");
        using var cgroup = Cgroup.Create(s_host, _parent + "/eater", new SpecResources
        {
            Memory = new() { Limit = 16 << 20, Swap = 16 << 20, DisableOomKiller = killerOff ? true : null },
        });
        using var watch = cgroup.WatchOom()!;
        Assert.False(watch.Take());
        var process = Start("read go; exec awk 'BEGIN { x = \"xxxxxxxx\"; while (1) x = x x }'", redirect: true);
        cgroup.Add(process.Id);
        process.StandardInput.WriteLine();
        PollEntry[] entries = [new(watch.Number, (short)watch.Events)];
        // On v2 other counters of the file wake, too.
        Assert.True(SpinWait.SpinUntil(() => Poll.Wait(entries, 1000) == 1 && watch.Take(), 60_000));
        Assert.Equal(!killerOff, process.WaitForExit(killerOff ? 0 : 60_000));
        cgroup.Kill(9);
        process.WaitForExit();
        cgroup.Destroy();
    }

    [Fact]
    public void A_cgroup_in_use_is_neither_removed_nor_taken_over()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/busy", null);
        var process = Start("exec sleep 60");
        cgroup.Add(process.Id);
        Assert.Contains("resource busy", Assert.Throws<CgroupException>(cgroup.Destroy).Message);
        Assert.StartsWith("container's cgroup is not empty: 1 process(es) found",
            Assert.Throws<CgroupException>(() => Cgroup.Create(s_host, _parent + "/busy", null)).Message);
        cgroup.Kill(9);
        process.WaitForExit();
        cgroup.Destroy();
    }

    [Fact]
    public void A_leftover_is_replaced_and_cgroups_below_go_too()
    {
        using (var first = Cgroup.Create(s_host, _parent + "/again", new SpecResources { Pids = new() { Limit = 5 } }))
            Directory.CreateDirectory(first.Directories.Values.First() + "/inner/most");
        using var second = Cgroup.Create(s_host, _parent + "/again", null);
        Assert.Equal(0UL, second.Stats().Pids!.Limit);
        Directory.CreateDirectory(second.Directories.Values.First() + "/inner/most");
        second.Destroy();
        second.Destroy();
        Assert.False(second.Exists);
    }

    [Fact]
    public void What_cannot_be_applied_is_refused_and_leaves_nothing()
    {
        var resources = new SpecResources { Cpu = new() { Cpus = "4000" } };
        Assert.Contains("cpuset.cpus", Assert.Throws<CgroupException>(() => Cgroup.Create(s_host, _parent + "/refused", resources)).Message);
        Assert.False(Cgroup.Open(s_host, _parent + "/refused").Exists);
        if (s_host.Find("net_cls") is null && s_host.Mode != CgroupMode.Unified)
        {
            var classed = new SpecResources { Network = new() { ClassId = 5 } };
            Assert.Equal("cannot set net_cls.classid: this host has no cgroup controller \"net_cls\"",
                Assert.Throws<CgroupException>(() => Cgroup.Create(s_host, _parent + "/refused", classed)).Message);
        }
    }

    [Fact]
    public void A_task_enters_through_the_join_files()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/join", null);
        if (s_host.Mode == CgroupMode.Unified)
        {
            Assert.True(cgroup.CloneTarget >= 0);
            Assert.True(cgroup.JoinFiles.IsEmpty);
            return;
        }

        Assert.Equal(-1, cgroup.CloneTarget);
        string[] files = [.. cgroup.JoinFiles.ToArray().Select(file => $"/proc/{Environment.ProcessId}/fd/{file}")];
        var process = Start(string.Join("; ", files.Select(file => $"echo 0 > {file}")) + "; exec sleep 60");
        Assert.True(SpinWait.SpinUntil(() => File.ReadAllText($"/proc/{process.Id}/comm").Trim() == "sleep", 60_000));
        foreach (string line in File.ReadAllLines($"/proc/{process.Id}/cgroup").Where(line => !line.StartsWith("0:", StringComparison.Ordinal)))
            Assert.EndsWith(_parent + "/join", line);
        cgroup.Kill(9);
        process.WaitForExit();
        cgroup.Destroy();
    }

    [Fact]
    public void Oom_kills_are_counted()
    {
        using var cgroup = Cgroup.Create(s_host, _parent + "/oom", new SpecResources { Memory = new() { Limit = 8 << 20, Swap = 8 << 20 } });
        Assert.False(cgroup.OomKilled());
        var process = Start("exec 2>/dev/null; read go; x=$(head -c 64000000 /dev/zero | tr '\\0' x); echo $x >/dev/null; sleep 60", redirect: true);
        cgroup.Add(process.Id);
        process.StandardInput.WriteLine();
        Assert.True(SpinWait.SpinUntil(cgroup.OomKilled, 60_000));
        cgroup.Kill(9);
        process.WaitForExit();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("")]
    [InlineData("/a/../b")]
    public void Paths_that_could_leave_are_refused(string path) => Assert.Throws<CgroupException>(() => Cgroup.Open(s_host, path));

    /// <summary>Which of three devices a process in the cgroup can open for reading.</summary>
    private string OpenedIn(Cgroup cgroup)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "read go; for d in null zero kmsg; do (: < /dev/$d) 2>/dev/null && printf '%s ' $d; done"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        cgroup.Add(process.Id);
        process.StandardInput.WriteLine();
        string opened = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        return opened;
    }

    private string Read(string controller, string name, string file) =>
        File.ReadAllText($"{s_host.Find(controller)!.MountPoint}{_parent}/{name}/{file}").Trim();

    private Process Start(string script, bool redirect = false)
    {
        var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", script]) { RedirectStandardInput = redirect })!;
        _processes.Add(process);
        return process;
    }
}
