using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Containers.Spec;
using Hafen.Engine.State;
using Hafen.Engine.Tests.Fakes;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Tests.Containers.Spec;

public sealed class BuildRuntimeSpecTests
{
    [Fact]
    public void A_plain_container()
    {
        var spec = Build(new HostConfig { NetworkMode = "bridge", ShmSize = 64 << 20, MaskedPaths = DefaultPaths.Masked, ReadonlyPaths = DefaultPaths.ReadOnly });
        Assert.Equal(["mount", "network", "uts", "pid", "ipc"], spec.Linux!.Namespaces!.Select(n => n.Type));
        Assert.Equal($"{FakeHost.CgroupParent}/{FakeHost.Id}", spec.Linux.CgroupsPath);
        Assert.Equal(["/bin/sh", "-c", "true"], spec.Process!.Args!);
        Assert.Equal(["PATH=/bin", "HOSTNAME=box", "A=1", "HOME=/root"], spec.Process.Env!);
        Assert.Null(spec.Process.Capabilities!.Inheritable);
        Assert.Null(spec.Process.Capabilities.Ambient);
        Assert.Equal(
            ["/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/dev/shm", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts"],
            spec.Mounts!.Select(m => m.Destination));
        Assert.Contains("size=67108864", Mount(spec, "/dev/shm").Options!);
        Assert.Contains("ro", Mount(spec, "/sys").Options!);
        Assert.Equal("0", spec.Linux.Sysctl!["net.ipv4.ip_unprivileged_port_start"]);
        Assert.False(spec.Linux.Resources!.Devices![0].Allow);
    }

    [Fact]
    public void A_privileged_container()
    {
        var spec = Build(new HostConfig { NetworkMode = "host", PidMode = "host", IpcMode = "host", UTSMode = "host", Privileged = true });
        Assert.Equal(["mount"], spec.Linux!.Namespaces!.Select(n => n.Type));
        Assert.Null(spec.Linux.MaskedPaths);
        Assert.DoesNotContain("ro", Mount(spec, "/sys").Options!);
        Assert.DoesNotContain("ro", Mount(spec, "/sys/fs/cgroup").Options!);
        Assert.Null(spec.Hostname);
        Assert.Null(spec.Linux.Sysctl);
        Assert.True(Assert.Single(spec.Linux.Resources!.Devices!).Allow);
    }

    [Fact]
    public void Shared_namespaces_are_joined()
    {
        var spec = Build(
            new HostConfig { NetworkMode = "container:x", PidMode = "container:y", IpcMode = "container:z" },
            shared: new() { ["network"] = 1, ["pid"] = 2, ["ipc"] = 3 });
        var paths = spec.Linux!.Namespaces!.ToDictionary(n => n.Type, n => n.Path);
        Assert.Equal("/proc/1/ns/net", paths["network"]);
        Assert.Equal("/proc/2/ns/pid", paths["pid"]);
        Assert.Equal("/proc/3/ns/ipc", paths["ipc"]);
        Assert.Equal("/c/shm", Mount(spec, "/dev/shm").Source);
    }

    [Fact]
    public void Mounts_of_the_request_replace_the_usual_ones()
    {
        var spec = Build(
            new HostConfig { NetworkMode = "none" },
            new ContainerMount { Type = "bind", Source = "/dev", Destination = "/dev", Writable = true, Propagation = "rslave" },
            new ContainerMount { Type = "bind", Source = "/h", Destination = "/etc/hosts", Writable = false });
        Assert.DoesNotContain(spec.Mounts!, m => m.Destination is "/dev/pts" or "/dev/shm" or "/dev/mqueue");
        Assert.Equal("/h", Mount(spec, "/etc/hosts").Source);
        Assert.Equal(["rbind", "ro", "rro", "rprivate"], Mount(spec, "/etc/hosts").Options!);
        Assert.Equal("rslave", spec.Linux!.RootfsPropagation);
    }

    /// <summary>Parents before children, ours among them: a volume on <c>/etc</c> hides nothing.</summary>
    [Fact]
    public void A_mount_above_the_network_files_lies_below_them()
    {
        var spec = Build(
            new HostConfig { NetworkMode = "none", Init = true },
            new ContainerMount { Type = "volume", Source = "/v", Name = "v", Destination = "/etc", Writable = true },
            new ContainerMount { Type = "tmpfs", Destination = "/sbin", Writable = true },
            new ContainerMount { Type = "volume", Source = "/w", Name = "w", Destination = "data", Writable = true },
            new ContainerMount { Type = "bind", Source = "/x", Destination = "/etc/a/b", Writable = true });
        Assert.Equal(
            ["/etc", "/sbin", "/data", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/sbin/docker-init", "/etc/a/b"],
            spec.Mounts!.Select(m => m.Destination).SkipWhile(place => place != "/etc"));
    }

    [Theory]
    [InlineData("shared", "shared")]
    [InlineData("size=1m", "rprivate")]
    [InlineData("slave,unbindable", "unbindable")]
    public void The_last_word_on_a_tmpfs_propagation_counts(string words, string expected)
    {
        var spec = Build(new HostConfig { NetworkMode = "none" }, new ContainerMount { Type = "tmpfs", Destination = "/t", Writable = true, TmpfsOptions = words });
        Assert.Equal(expected, Mount(spec, "/t").Options!.Last(word => word.Contains("private") || word is "shared" or "slave" or "unbindable"));
    }

    [Theory]
    [InlineData("../../X", "/X/")]
    [InlineData("/a/../b/", "/b/")]
    [InlineData("a", "/a/")]
    [InlineData("/", "/")]
    [InlineData("", null)]
    public void A_cgroup_parent_stays_below_the_root(string parent, string? expected)
        => Assert.Equal((expected ?? FakeHost.CgroupParent + "/") + FakeHost.Id, Build(new HostConfig { NetworkMode = "none", CgroupParent = parent }).Linux!.CgroupsPath);

    [Fact]
    public void The_host_network_by_its_id_is_the_host_network()
    {
        var spec = Build(new HostConfig { NetworkMode = FakeNetworks.HostNetwork.Id[..12] });
        Assert.DoesNotContain(spec.Linux!.Namespaces!, n => n.Type == "network");
        Assert.Null(spec.Linux.Sysctl);
    }

    [Fact]
    public void A_folder_of_a_volume_is_mounted_from_beneath_it()
    {
        var spec = Build(
            new HostConfig { NetworkMode = "none" }, new ContainerMount { Type = "volume", Name = "v", Source = "/v/_data", Destination = "/x", Writable = true, Subpath = "a/b" });
        Assert.Equal("/v/_data/a/b", Mount(spec, "/x").Source);
        Assert.Contains("beneath=/v/_data", Mount(spec, "/x").Options!);
    }

    [Fact]
    public void An_init_goes_before_the_command()
    {
        var spec = Build(new HostConfig { NetworkMode = "none", Init = true });
        Assert.Equal(["/sbin/docker-init", "--", "/bin/sh", "-c", "true"], spec.Process!.Args!);
        Assert.Equal("/usr/lib/hafen/hafen-init", Mount(spec, "/sbin/docker-init").Source);
    }

    [Fact]
    public void Limits()
    {
        var limits = BuildResources.Limits(
            new HostConfig { Memory = 100, MemorySwap = -1, NanoCpus = 500_000_000, PidsLimit = 9, BlkioWeight = 300, CpusetCpus = "0" }, _ => (8, 0));
        Assert.Equal((100L, -1L), (limits.Memory!.Limit!.Value, limits.Memory.Swap!.Value));
        Assert.Equal((50_000L, 100_000UL), (limits.Cpu!.Quota!.Value, limits.Cpu.Period!.Value));
        Assert.Equal(9, limits.Pids!.Limit);
        Assert.Equal((ushort)300, limits.BlockIo!.Weight);
        Assert.Null(BuildResources.Limits(new HostConfig(), _ => (0, 0)).Memory);
    }

    [Fact]
    public void Variables_without_a_value_are_taken_away()
    {
        var config = new ContainerConfig { Hostname = "h", Env = ["HOSTNAME", "HOME=/x", "PATH=/own"] };
        Assert.Equal(["PATH=/own", "TERM=xterm", "HOME=/x"], ContainerEnvironment.Build(config, terminal: true, "/root"));

        // Taken away and given again it comes last; a name that begins like another is another.
        config = new ContainerConfig { Hostname = "h", Env = ["AB=1", "A=2", "AB", "A=3", "AB=4"] };
        Assert.Equal(["A=3", "AB=4", "HOME=/root"], ContainerEnvironment.Build(config, terminal: false, "/root")[2..]);
    }

    /// <summary>Looked for one by one, these took a processor for minutes.</summary>
    [Fact]
    public void Hundreds_of_thousands_of_variables_take_no_time()
    {
        string[] given = [.. Enumerable.Range(0, 300_000).SelectMany(static i => (string[])[$"k{i}=a", i % 2 == 0 ? $"k{i}" : $"k{i}=b"])];
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(150_000 + 3, ContainerEnvironment.Build(new ContainerConfig { Env = given }, terminal: false, "/root").Length);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Theory]
    [InlineData("HOME=", "HOME=/root")]
    [InlineData("HOME=/x", "HOME=/x")]
    public void An_empty_home_is_none(string given, string expected)
    {
        Assert.Contains(expected, ContainerEnvironment.Build(new ContainerConfig { Env = [given] }, terminal: false, "/root"));
        Assert.Contains(expected, ContainerEnvironment.Build(new ContainerConfig { Env = ["HOME=/y"] }, terminal: false, "/root", [given]));
    }

    private static SpecMount Mount(RuntimeSpec spec, string destination) => Assert.Single(spec.Mounts!, m => m.Destination == destination);

    private static RuntimeSpec Build(HostConfig host, params ContainerMount[] mounts) => Build(host, null, mounts);

    private static RuntimeSpec Build(HostConfig host, Dictionary<string, int>? shared, params ContainerMount[] mounts) => BuildRuntimeSpec.Build(new SpecInputs
    {
        Record = new ContainerRecord
        {
            Id = FakeHost.Id,
            Name = "box",
            Created = DateTimeOffset.UnixEpoch,
            ImageId = "sha256:1",
            Config = new ContainerConfig { Hostname = "box", Cmd = ["/bin/sh", "-c", "true"], Env = ["PATH=/bin", "A=1"] },
            HostConfig = host,
            Networks = [],
            Mounts = mounts,
        },
        User = new ContainerUser(0, 0, [0], "/root"),
        Network = NetworkChoice.Of(host, new ContainerConfig(), new FakeNetworks()),
        Security = new SecurityOptions(),
        Capabilities = ["CAP_KILL"],
        Devices = [],
        Limits = BuildResources.Limits(host, _ => (0, 0)),
        Host = FakeHost.Facts,
        Options = FakeHost.Options("/nowhere"),
        SharedPids = shared ?? [],
        Hostname = "box",
        HostsPath = "/c/hosts",
        HostnamePath = "/c/hostname",
        ResolvConfPath = "/c/resolv.conf",
        SharedMemoryPath = host.IpcMode is null ? null : "/c/shm",
    });
}
