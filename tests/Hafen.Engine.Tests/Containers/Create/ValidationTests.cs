using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Tests.Fakes;

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
        { "Invalid value a for cpuset cpus: failed to parse a", new HostConfig { CpusetCpus = "a" } },
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
        var error = Assert.Throws<EngineException>(() => ValidateHostConfig.Check(config, new ContainerConfig(), FakeHost.Options("/nowhere"), FakeHost.Facts, []));
        Assert.Equal(message, error.Message);
    }

    [Fact]
    public void What_the_host_cannot_limit_is_left_out_with_a_warning()
    {
        var warnings = new List<string>();
        var facts = FakeHost.Facts with { Controllers = new HashSet<string>() };
        var config = ValidateHostConfig.Check(
            new HostConfig { Memory = 8 << 20, CpuShares = 5, PidsLimit = 7 }, new ContainerConfig(), FakeHost.Options("/nowhere"), facts, warnings);
        Assert.Equal((0L, 0L, null), (config.Memory, config.CpuShares, config.PidsLimit));
        Assert.Equal(3, warnings.Count);
    }

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
    [InlineData("syslog", null, null, "logger: no log driver named 'syslog' is registered")]
    [InlineData("json-file", "colour", "red", "unknown log opt 'colour' for json-file log driver")]
    [InlineData("json-file", "max-file", "0", "max-file cannot be less than 1")]
    [InlineData("json-file", "compress", "true", "compress cannot be true when max-file is less than 2 or max-size is not set")]
    [InlineData("json-file", "max-size", "big", "invalid size: 'big'")]
    public void Log_settings(string driver, string? option, string? value, string message)
    {
        var log = new LogConfig { Type = driver, Config = option is null ? null : new() { [option] = value! } };
        Assert.Equal(message, Assert.Throws<EngineException>(() => LogSettings.Resolve(log, FakeHost.Options("/nowhere"))).Message);
    }
}
