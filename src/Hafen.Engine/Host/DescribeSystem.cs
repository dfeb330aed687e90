using System.Runtime.InteropServices;
using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Logging;

namespace Hafen.Engine.Host;

public static class DescribeSystem
{
    /// <summary>Everything <c>docker info</c> shows. Monitors ask for it all the time, so what does not change is read once.</summary>
    public static SystemInfo Info(this SystemEngine system)
    {
        var host = system.Host;
        var options = system.Options;
        var counts = system.Containers.CountContainers();
        var facts = system.Facts;
        string runtime = system.Containers.Options.RuntimeName;
        return new SystemInfo
        {
            ID = facts.EngineId,
            Containers = counts.Total,
            ContainersRunning = counts.Running,
            ContainersPaused = counts.Paused,
            ContainersStopped = counts.Stopped,
            Images = system.Images.Store.List().Count,
            Driver = system.Images.Snapshots.Name,
            DriverStatus = [["Backing Filesystem", facts.BackingFileSystem], ["Using metacopy", "false"], ["userxattr", "false"]],
            Plugins = new SystemPlugins { Volume = ["local"], Network = ["bridge", "host", "null"], Authorization = null, Log = [.. LogDrivers.Names] },
            MemoryLimit = host.Limits.Memory,
            SwapLimit = host.Limits.Swap,
            CpuCfsPeriod = host.Limits.CpuQuota,
            CpuCfsQuota = host.Limits.CpuQuota,
            CPUShares = host.Limits.CpuShares,
            CPUSet = host.Limits.Cpuset,
            PidsLimit = host.Limits.Pids,
            OomKillDisable = host.Limits.OomKillDisable,
            IPv4Forwarding = File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim() == "1",
            Debug = options.Debug,
            NFd = OwnProcess.Descriptors(),
            NGoroutines = OwnProcess.Threads(),
            SystemTime = DateTimeOffset.Now.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00'zzz"),
            LoggingDriver = system.Containers.Options.DefaultLogDriver,
            CgroupDriver = "cgroupfs",
            CgroupVersion = host.CgroupUnified ? "2" : "1",
            NEventsListener = system.Containers.Events.Listeners,
            KernelVersion = facts.KernelRelease,
            OperatingSystem = facts.OperatingSystem.Name,
            OSVersion = facts.OperatingSystem.Version,
            OSType = "linux",
            Architecture = RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => "x86_64",
                Architecture.Arm64 => "aarch64",
                var other => other.ToString().ToLowerInvariant(),
            },
            IndexServerAddress = "https://index.docker.io/v1/",
            RegistryConfig = new RegistryServiceConfig
            {
                InsecureRegistryCIDRs = ["::1/128", "127.0.0.0/8"],
                IndexConfigs = new() { ["docker.io"] = new RegistryIndex { Name = "docker.io", Mirrors = [], Secure = true, Official = true } },
                Mirrors = null,
            },
            NCPU = host.Cpus,
            MemTotal = MemoryTotal(),
            DockerRootDir = options.Root,
            HttpProxy = Environment.GetEnvironmentVariable("HTTP_PROXY"),
            HttpsProxy = Environment.GetEnvironmentVariable("HTTPS_PROXY"),
            NoProxy = Environment.GetEnvironmentVariable("NO_PROXY"),
            Name = host.Hostname,
            Labels = [.. options.Labels],
            ServerVersion = options.Version,
            Runtimes = system.Containers.Options.RuntimeNames.ToDictionary(static name => name, _ => new SystemRuntime { Path = options.RuntimePath }, StringComparer.Ordinal),
            DefaultRuntime = runtime,
            Swarm = new SwarmInfo { NodeID = "", NodeAddr = "", LocalNodeState = "inactive", ControlAvailable = false, Error = "" },
            LiveRestoreEnabled = options.LiveRestore,
            InitBinary = system.Containers.Options.InitPath is { } init ? Path.GetFileName(init) : "",
            ContainerdCommit = new SystemCommit { ID = "" },
            RuncCommit = new SystemCommit { ID = options.Version },
            InitCommit = new SystemCommit { ID = options.Version },
            SecurityOptions = SecurityOptions(host),
            FirewallBackend = options.Firewall ? new SystemFirewall { Driver = "nftables" } : null,
            CDISpecDirs = [],
            Warnings = [.. Warnings(host), .. system.Containers.Warnings.Select(warning => "WARNING: " + warning)],
        };
    }

    private static string[] SecurityOptions(HostFacts host)
        => host.CgroupUnified ? ["name=seccomp,profile=builtin", "name=cgroupns"] : ["name=seccomp,profile=builtin"];

    private static IEnumerable<string> Warnings(HostFacts host)
    {
        if (!host.Limits.Memory) yield return "WARNING: No memory limit support";
        else if (!host.Limits.Swap) yield return "WARNING: No swap limit support";
        if (!host.Limits.CpuQuota) yield return "WARNING: No cpu cfs quota support";
        if (!host.Limits.Cpuset) yield return "WARNING: No cpuset support";
        if (!host.Limits.Pids) yield return "WARNING: No pids limit support";
        if (File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim() != "1") yield return "WARNING: IPv4 forwarding is disabled";
    }

    private static long MemoryTotal()
    {
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            if (!line.StartsWith("MemTotal:", StringComparison.Ordinal)) continue;
            string kilobytes = line["MemTotal:".Length..].Trim().Split(' ')[0];
            return long.Parse(kilobytes) * 1024;
        }
        return 0;
    }
}
