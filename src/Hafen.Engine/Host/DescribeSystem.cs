using System.Runtime.InteropServices;
using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Containers.Create;
using Hafen.Engine.Events;
using Hafen.Images;
using Hafen.Logging;
using Hafen.Snapshots;
using Hafen.Volumes;

namespace Hafen.Engine.Host;

/// <summary>Shows everything that <c>docker info</c> does. Monitors ask for it all the time, so what does not change is read once.</summary>
/// <param name="options">What the daemon knows of itself.</param>
/// <param name="engineOptions">What the operator has decided about containers.</param>
/// <param name="host">The host.</param>
/// <param name="images">Counted.</param>
/// <param name="snapshots">Named.</param>
/// <param name="volumes">Whose drivers are named, and what the operator should know of them.</param>
/// <param name="countContainers">How many containers there are, by state.</param>
/// <param name="events">Whose listeners are counted.</param>
/// <param name="warnings">What the operator should know of the networks.</param>
/// <param name="time">The clock.</param>
public sealed class DescribeSystem(
    CurrentSystemOptions options,
    CurrentOptions engineOptions,
    HostFacts host,
    IImageStore images,
    ISnapshotter snapshots,
    IVolumes volumes,
    CountContainers countContainers,
    EventStream events,
    HostWarnings warnings,
    TimeProvider time)
{
    private SystemFacts? _facts;

    public SystemInfo Run()
    {
        var own = options.Value;
        var engine = engineOptions.Value;
        var counts = countContainers.Run();
        var facts = _facts ??= SystemFacts.Read(own.Root);
        return new SystemInfo
        {
            ID = facts.EngineId,
            Containers = counts.Total,
            ContainersRunning = counts.Running,
            ContainersPaused = counts.Paused,
            ContainersStopped = counts.Stopped,
            Images = images.List().Count,
            Driver = snapshots.Name,
            DriverStatus = [["Backing Filesystem", facts.BackingFileSystem], ["Using metacopy", "false"], ["userxattr", "false"]],
            Plugins = new SystemPlugins { Volume = [.. volumes.Drivers], Network = ["bridge", "host", "null"], Authorization = null, Log = [.. LogDrivers.Names] },
            MemoryLimit = host.Limits.Memory,
            SwapLimit = host.Limits.Swap,
            CpuCfsPeriod = host.Limits.CpuQuota,
            CpuCfsQuota = host.Limits.CpuQuota,
            CPUShares = host.Limits.CpuShares,
            CPUSet = host.Limits.Cpuset,
            PidsLimit = host.Limits.Pids,
            OomKillDisable = host.Limits.OomKillDisable,
            IPv4Forwarding = File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim() == "1",
            Debug = own.Debug,
            NFd = OwnProcess.Descriptors(),
            NGoroutines = OwnProcess.Threads(),
            SystemTime = time.GetLocalNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00'zzz"),
            LoggingDriver = engine.DefaultLogDriver,
            CgroupDriver = "cgroupfs",
            CgroupVersion = host.CgroupUnified ? "2" : "1",
            NEventsListener = events.Listeners,
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
            DockerRootDir = own.Root,
            HttpProxy = Environment.GetEnvironmentVariable("HTTP_PROXY"),
            HttpsProxy = Environment.GetEnvironmentVariable("HTTPS_PROXY"),
            NoProxy = Environment.GetEnvironmentVariable("NO_PROXY"),
            Name = host.Hostname,
            Labels = [.. own.Labels],
            ServerVersion = own.Version,
            Runtimes = engine.RuntimeNames.ToDictionary(static name => name, _ => new SystemRuntime { Path = own.RuntimePath }, StringComparer.Ordinal),
            DefaultRuntime = engine.RuntimeName,
            Swarm = new SwarmInfo { NodeID = "", NodeAddr = "", LocalNodeState = "inactive", ControlAvailable = false, Error = "" },
            LiveRestoreEnabled = own.LiveRestore,
            InitBinary = engine.InitPath is { } init ? Path.GetFileName(init) : "",
            ContainerdCommit = new SystemCommit { ID = "" },
            RuncCommit = new SystemCommit { ID = own.Version },
            InitCommit = new SystemCommit { ID = own.Version },
            SecurityOptions = SecurityOptions(),
            FirewallBackend = own.Firewall ? new SystemFirewall { Driver = "nftables" } : null,
            CDISpecDirs = [],
            Warnings = [.. Warnings(), .. warnings.All.Concat(volumes.Warnings).Select(warning => "WARNING: " + warning)],
        };
    }

    private string[] SecurityOptions()
        => host.CgroupUnified ? ["name=seccomp,profile=builtin", "name=cgroupns"] : ["name=seccomp,profile=builtin"];

    private IEnumerable<string> Warnings()
    {
        if (!host.Limits.Memory)
            yield return "WARNING: No memory limit support";
        else if (!host.Limits.Swap)
            yield return "WARNING: No swap limit support";
        if (!host.Limits.CpuQuota)
            yield return "WARNING: No cpu cfs quota support";
        if (!host.Limits.Cpuset)
            yield return "WARNING: No cpuset support";
        if (!host.Limits.Pids)
            yield return "WARNING: No pids limit support";
        if (File.ReadAllText("/proc/sys/net/ipv4/ip_forward").Trim() != "1")
            yield return "WARNING: IPv4 forwarding is disabled";
    }

    private static long MemoryTotal()
    {
        foreach (string line in File.ReadLines("/proc/meminfo"))
        {
            if (!line.StartsWith("MemTotal:", StringComparison.Ordinal))
                continue;
            string kilobytes = line["MemTotal:".Length..].Trim().Split(' ')[0];
            return long.Parse(kilobytes) * 1024;
        }
        return 0;
    }
}
