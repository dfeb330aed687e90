using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Tests.Fakes;
using Hafen.Logging;

namespace Hafen.Engine.Tests.Containers.Create;

public sealed class ValidationTests
{
    public static TheoryData<string, HostConfig> Refused => new()
    {
        { "Minimum memory limit allowed is 6MB", new HostConfig { Memory = 4096 } },
        { "Minimum memoryswap limit should be larger than memory limit, see usage", new HostConfig { Memory = 8 << 20, MemorySwap = 7 << 20 } },
        { "You should always set the Memory limit when using Memoryswap limit, see usage", new HostConfig { MemorySwap = 8 << 20 } },
        { "range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available", new HostConfig { NanoCpus = 3_000_000_000 } },
        { "Conflicting options: Nano CPUs and CPU Period cannot both be set", new HostConfig { NanoCpus = 1, CpuPeriod = 1000 } },
        { "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)", new HostConfig { CpuPeriod = 5 } },
        { "Requested CPUs are not available - requested 0-7, available: 0-1", new HostConfig { CpusetCpus = "0-7" } },
        { "Invalid value 1-42,, for cpuset cpus: invalid format: 1-42,,", new HostConfig { CpusetCpus = "1-42,," } },
        { "Invalid value 0-99999999999 for cpuset mems: value of out range, maximum is 8192", new HostConfig { CpusetMems = "0-99999999999" } },
        { "Requested memory nodes are not available - requested 0,1, available: 0", new HostConfig { CpusetMems = "0,1" } },
        { "cpu real-time runtime cannot be higher than cpu real-time period", new HostConfig { CpuRealtimePeriod = 5, CpuRealtimeRuntime = 6 } },
        { "invalid network mode: invalid container format container:<name|id>", new HostConfig { NetworkMode = "container" } },
        { "invalid network mode: invalid container format container:<name|id>", new HostConfig { NetworkMode = "container:" } },
        { "invalid port specification: \"x\"", new HostConfig { PortBindings = new() { ["x"] = [] } } },
        { "publishing ports is not supported yet: the container is reachable under its own address only", new HostConfig { PortBindings = new() { ["80/tcp"] = [] } } },
        { "Range of blkio weight is from 10 to 1000", new HostConfig { BlkioWeight = 5 } },
        { "Invalid value 1001, range for oom score adj is [-1000, 1000]", new HostConfig { OomScoreAdj = 1001 } },
        { "SHM size can not be less than 0", new HostConfig { ShmSize = -1 } },
        { "invalid IPC mode: mine", new HostConfig { IpcMode = "mine" } },
        { "invalid PID mode: mine", new HostConfig { PidMode = "mine" } },
        { "invalid UTS mode: mine", new HostConfig { UTSMode = "mine" } },
        { "can't create 'AutoRemove' container with restart policy", new HostConfig { AutoRemove = true, RestartPolicy = new RestartPolicy { Name = "always" } } },
        { "invalid restart policy: maximum retry count can only be used with 'on-failure'", new HostConfig { RestartPolicy = new RestartPolicy { Name = "always", MaximumRetryCount = 1 } } },
        { "invalid restart policy: unknown policy 'often'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'", new HostConfig { RestartPolicy = new RestartPolicy { Name = "often" } } },
        { "invalid CapAdd: unknown capability: \"CAP_FLY\"", new HostConfig { CapAdd = ["fly"] } },
        { "unknown or invalid runtime name: kata", new HostConfig { Runtime = "kata" } },
        { "invalid ulimit type: files", new HostConfig { Ulimits = [new Ulimit { Name = "files" }] } },
        { "ulimit soft limit must be less than or equal to hard limit: 5 > 1", new HostConfig { Ulimits = [new Ulimit { Name = "nofile", Soft = 5, Hard = 1 }] } },
        { "invalid device cgroup rule format: 'x'", new HostConfig { DeviceCgroupRules = ["x"] } },
        { "invalid --security-opt 2: \"fly=1\"", new HostConfig { SecurityOpt = ["fly=1"] } },
        { "sysctl \"kernel.panic\" is not in a separate kernel namespace", new HostConfig { Sysctls = new() { ["kernel.panic"] = "1" } } },
        { "sysctl 'net.core.somaxconn' not allowed in host network namespace", new HostConfig { NetworkMode = "host", Sysctls = new() { ["net.core.somaxconn"] = "1" } } },
        { "could not select device driver \"\" with capabilities: [[gpu]]", new HostConfig { DeviceRequests = [new DeviceRequest { Driver = "", Capabilities = [["gpu"]] }] } },
        { "conflicting options: dns and the network mode", new HostConfig { NetworkMode = "container:x", Dns = ["1.1.1.1"] } },
        { "links between containers are not supported", new HostConfig { Links = ["a:b"] } },
        { "publishing ports is not supported yet: the container is reachable under its own address only", new HostConfig { PortBindings = new() { ["80/tcp"] = [new PortBinding { HostPort = "8080" }] } } },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void Host_configurations_that_make_no_sense_are_refused_in_dockers_words(string message, HostConfig config)
    {
        var error = Assert.Throws<EngineException>(() => Check(config, FakeHost.Facts, []));
        Assert.Equal(message, error.Message);
    }

    private static HostConfig Check(HostConfig config, HostFacts facts, List<string> warnings)
        => ValidateHostConfig.Check(
            config, new ContainerConfig(), NetworkChoice.Of(config.NetworkMode, disabled: false, new FakeNetworks()), FakeHost.Options("/nowhere"), facts, warnings);

    [Fact]
    public void What_the_host_cannot_limit_is_left_out_with_a_warning()
    {
        var warnings = new List<string>();
        var facts = FakeHost.Facts with { Limits = FakeHost.AllLimits(false) };
        var config = Check(
            new HostConfig
            {
                Memory = 8 << 20,
                MemoryReservation = 7 << 20,
                MemorySwappiness = 50,
                OomKillDisable = true,
                CpuShares = 5,
                CpuQuota = 5000,
                CpusetCpus = "9",
                PidsLimit = 7,
                BlkioWeight = 5000,
                BlkioWeightDevice = [new BlkioWeightDevice { Path = "/dev/x", Weight = 100 }],
                BlkioDeviceReadBps = [new BlkioThrottleDevice { Path = "/dev/x", Rate = 1 }],
                BlkioDeviceWriteBps = [new BlkioThrottleDevice { Path = "/dev/x", Rate = 1 }],
                BlkioDeviceReadIOps = [new BlkioThrottleDevice { Path = "/dev/x", Rate = 1 }],
                BlkioDeviceWriteIOps = [new BlkioThrottleDevice { Path = "/dev/x", Rate = 1 }],
            }, facts, warnings);
        Assert.Equal((0L, -1L, 0L, 0L, null), (config.Memory, config.MemorySwap, config.CpuShares, config.CpuQuota, config.PidsLimit));
        Assert.Equal((0, null, null, null), (config.BlkioWeight, config.MemorySwappiness, config.OomKillDisable, config.CpusetCpus));
        Assert.Equal(
            [
                "Your kernel does not support memory limit capabilities or the cgroup is not mounted. Limitation discarded.",
                "Your kernel does not support memory swappiness capabilities or the cgroup is not mounted. Memory swappiness discarded.",
                "Your kernel does not support memory soft limit capabilities or the cgroup is not mounted. Limitation discarded.",
                "Your kernel does not support OomKillDisable. OomKillDisable discarded.",
                "Your kernel does not support PIDs limit capabilities or the cgroup is not mounted. PIDs limit discarded.",
                "Your kernel does not support CPU shares or the cgroup is not mounted. Shares discarded.",
                "Your kernel does not support CPU CFS scheduler. CPU period/quota discarded.",
                "Your kernel does not support cpuset or the cgroup is not mounted. Cpuset discarded.",
                "Your kernel does not support Block I/O weight or the cgroup is not mounted. Weight discarded.",
                "Your kernel does not support Block I/O weight_device or the cgroup is not mounted. Weight-device discarded.",
                "Your kernel does not support BPS Block I/O read limit or the cgroup is not mounted. Block I/O BPS read limit discarded.",
                "Your kernel does not support BPS Block I/O write limit or the cgroup is not mounted. Block I/O BPS write limit discarded.",
                "Your kernel does not support IOPS Block read limit or the cgroup is not mounted. Block I/O IOPS read limit discarded.",
                "Your kernel does not support IOPS Block write limit or the cgroup is not mounted. Block I/O IOPS write limit discarded.",
            ], warnings);
    }

    [Fact]
    public void A_kernel_without_swap_accounting_limits_memory_without_swap()
    {
        var warnings = new List<string>();
        var config = Check(new HostConfig { Memory = 8 << 20, MemorySwap = 9 << 20 }, FakeHost.Facts with { Limits = FakeHost.AllLimits(true) with { Swap = false } }, warnings);
        Assert.Equal((8L << 20, -1L), (config.Memory, config.MemorySwap));
        Assert.Equal("Your kernel does not support swap limit capabilities or the cgroup is not mounted. Memory limited without swap.", Assert.Single(warnings));
    }

    [Fact]
    public void A_kernel_without_real_time_scheduling_says_so()
    {
        var facts = FakeHost.Facts with { Limits = FakeHost.AllLimits(true) with { CpuRealtime = false } };
        Assert.Equal("kernel does not support CPU real-time scheduler", Assert.Throws<EngineException>(() => Check(new HostConfig { CpuRealtimePeriod = 5 }, facts, [])).Message);
    }

    /// <summary>No ports are asked for, or none that anybody could reach.</summary>
    [Fact]
    public void Port_bindings_that_bind_nothing_are_accepted()
    {
        Check(new HostConfig { PortBindings = [] }, FakeHost.Facts, []);
        Check(new HostConfig { PortBindings = null }, FakeHost.Facts, []);
        Check(new HostConfig { PortBindings = new() { ["80/tcp"] = [] }, NetworkMode = "none" }, FakeHost.Facts, []);
        var warnings = new List<string>();
        Check(new HostConfig { PortBindings = new() { ["80/tcp"] = null }, NetworkMode = "host" }, FakeHost.Facts, warnings);
        Assert.Equal("Published ports are discarded when using host network mode", Assert.Single(warnings));
    }

    [Theory]
    [InlineData("runc")]
    [InlineData("io.containerd.runc.v2")]
    [InlineData("hafen")]
    [InlineData(null)]
    public void Our_runtime_has_the_names_of_dockers(string? name) => Assert.Equal(name, Check(new HostConfig { Runtime = name }, FakeHost.Facts, []).Runtime);

    [Theory]
    [InlineData("relative", null, null, "the working directory 'relative' is invalid, it needs to be an absolute path")]
    [InlineData(null, "SIGFOO", null, "invalid signal: SIGFOO")]
    [InlineData(null, null, "=x", "invalid environment variable: =x")]
    public void Container_configurations(string? workingDirectory, string? signal, string? variable, string message)
    {
        var config = new ContainerConfig { WorkingDir = workingDirectory, StopSignal = signal, Env = variable is null ? null : [variable] };
        Assert.Equal(message, Assert.Throws<EngineException>(() => ValidateConfig.Check(config)).Message);
    }

    [Theory]
    [InlineData("nope", null, null, "error looking up logging plugin nope: plugin \"nope\" not found")]
    [InlineData("syslog", null, null, "log driver \"syslog\" is not supported yet: there are json-file and none")]
    [InlineData("local", "max-size", "1m", "log driver \"local\" is not supported yet: there are json-file and none")]
    [InlineData("json-file", "max-buffer-size", "1m", "logger: max-buffer-size option is only supported with 'mode=non-blocking'")]
    [InlineData("json-file", "colour", "red", "unknown log opt 'colour' for json-file log driver")]
    [InlineData("json-file", "max-file", "0", "max-file cannot be less than 1")]
    [InlineData("json-file", "compress", "true", "compress cannot be true when max-file is less than 2 or max-size is not set")]
    [InlineData("json-file", "max-size", "big", "invalid size: 'big'")]
    public void Log_settings(string driver, string? option, string? value, string message)
    {
        var log = new LogConfig { Type = driver, Config = option is null ? null : new() { [option] = value! } };
        Assert.Equal(message, Assert.Throws<LogException>(() => LogSettings.Resolve(log, FakeHost.Options("/nowhere"))).Message);
    }
}
