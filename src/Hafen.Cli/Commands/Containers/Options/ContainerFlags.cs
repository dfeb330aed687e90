using Hafen.Api;
using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Containers.Options;

/// <summary>The flags that <c>run</c> and <c>create</c> share: a new container's configuration.</summary>
internal sealed class ContainerFlags(FlagSet flags)
{
    public ListFlag<string> AddHost { get; } = flags.List("add-host", '\0', "Add a line to the container's hosts file (host:ip)", HostMapping.Check);
    public ListFlag<KeyValuePair<string, string>> Annotations { get; } = flags.Add(new ListFlag<KeyValuePair<string, string>>("annotation", '\0', "map", "Add an annotation for the OCI runtime", KeyValues.Pair) { DefaultText = "map[]" });
    public ListFlag<string> Attach { get; } = flags.List("attach", 'a', "Attach to STDIN, STDOUT or STDERR", StreamName.Check);
    public ValueFlag<ushort> BlkioWeight { get; } = flags.Add(new ValueFlag<ushort>("blkio-weight", '\0', "uint16", "Share of block IO, 10 to 1000, or 0 to leave it", 0, FlagValues.Unsigned16) { DefaultText = "0" });
    public ListFlag<BlkioWeightDevice> BlkioWeightDevices { get; } = flags.Add(new ListFlag<BlkioWeightDevice>("blkio-weight-device", '\0', "list", "Share of block IO on a device", DeviceRate.Weight) { DefaultText = "[]" });
    public ListFlag<string> CapAdd { get; } = flags.List("cap-add", '\0', "Add Linux capabilities");
    public ListFlag<string> CapDrop { get; } = flags.List("cap-drop", '\0', "Drop Linux capabilities");
    public ValueFlag<string> CgroupParent { get; } = flags.Text("cgroup-parent", '\0', "Parent of the container's cgroup");
    public ValueFlag<string> Cgroupns { get; } = flags.Text("cgroupns", '\0', "Cgroup namespace (host|private), or the daemon's default");
    public ValueFlag<string> CidFile { get; } = flags.Text("cidfile", '\0', "Write the container's ID to this file");
    public ValueFlag<long> CpuCount { get; } = flags.Integer("cpu-count", '\0', "CPU count (Windows only)", hidden: true);
    public ValueFlag<long> CpuPercent { get; } = flags.Integer("cpu-percent", '\0', "CPU percent (Windows only)", hidden: true);
    public ValueFlag<long> CpuPeriod { get; } = flags.Integer("cpu-period", '\0', "Period of the CPU quota in microseconds");
    public ValueFlag<long> CpuQuota { get; } = flags.Integer("cpu-quota", '\0', "CPU time per period in microseconds");
    public ValueFlag<long> CpuRtPeriod { get; } = flags.Integer("cpu-rt-period", '\0', "Period of the real-time quota in microseconds");
    public ValueFlag<long> CpuRtRuntime { get; } = flags.Integer("cpu-rt-runtime", '\0', "Real-time CPU time per period in microseconds");
    public ValueFlag<long> CpuShares { get; } = flags.Integer("cpu-shares", 'c', "Share of CPU time relative to others");
    public ValueFlag<long> Cpus { get; } = flags.Add(new ValueFlag<long>("cpus", '\0', "decimal", "Number of CPUs", 0, FlagValues.NanoCpus));
    public ValueFlag<string> CpusetCpus { get; } = flags.Text("cpuset-cpus", '\0', "CPUs to run on (0-3, 0,1)");
    public ValueFlag<string> CpusetMems { get; } = flags.Text("cpuset-mems", '\0', "Memory nodes to use (0-3, 0,1)");
    public ListFlag<string> Devices { get; } = flags.List("device", '\0', "Add a device of the host");
    public ListFlag<string> DeviceCgroupRules { get; } = flags.List("device-cgroup-rule", '\0', "Add a rule to the list of allowed devices", DeviceSpec.CheckRule);
    public ListFlag<BlkioThrottleDevice> DeviceReadBps { get; } = flags.Add(new ListFlag<BlkioThrottleDevice>("device-read-bps", '\0', "list", "Limit reading from a device (bytes per second)", DeviceRate.Bytes) { DefaultText = "[]" });
    public ListFlag<BlkioThrottleDevice> DeviceReadIops { get; } = flags.Add(new ListFlag<BlkioThrottleDevice>("device-read-iops", '\0', "list", "Limit reading from a device (operations per second)", DeviceRate.Operations) { DefaultText = "[]" });
    public ListFlag<BlkioThrottleDevice> DeviceWriteBps { get; } = flags.Add(new ListFlag<BlkioThrottleDevice>("device-write-bps", '\0', "list", "Limit writing to a device (bytes per second)", DeviceRate.Bytes) { DefaultText = "[]" });
    public ListFlag<BlkioThrottleDevice> DeviceWriteIops { get; } = flags.Add(new ListFlag<BlkioThrottleDevice>("device-write-iops", '\0', "list", "Limit writing to a device (operations per second)", DeviceRate.Operations) { DefaultText = "[]" });
    public ValueFlag<bool> ContentTrust { get; } = flags.Switch("disable-content-trust", '\0', "Skip image verification", initial: true, hidden: true);
    public ListFlag<string> Dns { get; } = flags.List("dns", '\0', "DNS servers", AddressSpec.Check);
    public ListFlag<string> DnsOptions { get; } = flags.List("dns-option", '\0', "DNS options");
    public ListFlag<string> DnsOpt { get; } = flags.List("dns-opt", '\0', "DNS options", hidden: true);
    public ListFlag<string> DnsSearch { get; } = flags.List("dns-search", '\0', "DNS search domains", DnsDomain.Check);
    public ValueFlag<string> Domainname { get; } = flags.Text("domainname", '\0', "NIS domain name");
    public ValueFlag<string> Entrypoint { get; } = flags.Text("entrypoint", '\0', "Program to run instead of the image's ENTRYPOINT");
    public ListFlag<string> Env { get; } = flags.List("env", 'e', "Set environment variables", KeyValues.CheckEnvironment);
    public ListFlag<string> EnvFile { get; } = flags.List("env-file", '\0', "Read environment variables from a file");
    public ListFlag<string> Expose { get; } = flags.List("expose", '\0', "Expose a port or a range of ports");
    public ListFlag<DeviceRequest> Gpus { get; } = flags.Add(new ListFlag<DeviceRequest>("gpus", '\0', "gpu-request", "GPU devices for the container ('all' for all of them)", GpuSpec.Parse));
    public ListFlag<string> GroupAdd { get; } = flags.List("group-add", '\0', "Add further groups");
    public ValueFlag<string> HealthCmd { get; } = flags.Text("health-cmd", '\0', "Command that checks the health");
    public ValueFlag<long> HealthInterval { get; } = Duration(flags, "health-interval", "Time between two checks (ms|s|m|h)");
    public ValueFlag<long> HealthRetries { get; } = flags.Integer("health-retries", '\0', "Failures in a row that make it unhealthy");
    public ValueFlag<long> HealthStartInterval { get; } = Duration(flags, "health-start-interval", "Time between two checks during the start period (ms|s|m|h)");
    public ValueFlag<long> HealthStartPeriod { get; } = Duration(flags, "health-start-period", "Time to get ready before failures count (ms|s|m|h)");
    public ValueFlag<long> HealthTimeout { get; } = Duration(flags, "health-timeout", "Longest time for one check (ms|s|m|h)");
    public HelpFlag Help { get; } = flags.Add(new HelpFlag());
    public ValueFlag<string> Hostname { get; } = flags.Text("hostname", 'h', "Host name of the container");
    public ValueFlag<bool> Init { get; } = flags.Switch("init", '\0', "Run an init in the container that forwards signals and reaps processes");
    public ValueFlag<bool> Interactive { get; } = flags.Switch("interactive", 'i', "Keep STDIN open even if not attached");
    public ValueFlag<long> IoMaxBandwidth { get; } = flags.Bytes("io-maxbandwidth", '\0', "IO bandwidth (Windows only)", hidden: true);
    public ValueFlag<ulong> IoMaxIops { get; } = flags.Add(new ValueFlag<ulong>("io-maxiops", '\0', "uint", "IO operations (Windows only)", 0, FlagValues.Unsigned) { Hidden = true });
    public ValueFlag<string> Ip { get; } = flags.Text("ip", '\0', "IPv4 address (e.g., 172.30.100.104)");
    public ValueFlag<string> Ip6 { get; } = flags.Text("ip6", '\0', "IPv6 address (e.g., 2001:db8::33)");
    public ValueFlag<string> Ipc { get; } = flags.Text("ipc", '\0', "IPC mode");
    public ValueFlag<string> Isolation { get; } = flags.Text("isolation", '\0', "Isolation technology");
    public ValueFlag<long> KernelMemory { get; } = flags.Bytes("kernel-memory", '\0', "Limit of kernel memory");
    public ListFlag<string> Labels { get; } = flags.List("label", 'l', "Set labels", KeyValues.CheckLabel);
    public ListFlag<string> LabelFile { get; } = flags.List("label-file", '\0', "Read labels from a file, one a line");
    public ListFlag<string> Links { get; } = flags.List("link", '\0', "Link to another container", LinkSpec.Check);
    public ListFlag<string> LinkLocalIps { get; } = flags.List("link-local-ip", '\0', "Link-local addresses");
    public ValueFlag<string> LogDriver { get; } = flags.Text("log-driver", '\0', "Log driver");
    public ListFlag<string> LogOpt { get; } = flags.List("log-opt", '\0', "Options of the log driver");
    public ValueFlag<string> MacAddress { get; } = flags.Text("mac-address", '\0', "MAC address (e.g., 92:d0:c6:0a:29:33)");
    public ValueFlag<long> Memory { get; } = flags.Bytes("memory", 'm', "Memory limit");
    public ValueFlag<long> MemoryReservation { get; } = flags.Bytes("memory-reservation", '\0', "Soft memory limit");
    public ValueFlag<long> MemorySwap { get; } = flags.Bytes("memory-swap", '\0', "Limit of memory and swap together: '-1' for unlimited swap", minusOne: true);
    public ValueFlag<long> MemorySwappiness { get; } = flags.Integer("memory-swappiness", '\0', "Tendency to swap (0 to 100)", -1);
    public ListFlag<MountRequest> Mounts { get; } = flags.Add(new ListFlag<MountRequest>("mount", '\0', "mount", "Attach a file system", MountSpec.Parse));
    public ValueFlag<string> Name { get; } = flags.Text("name", '\0', "Name of the container");
    public ListFlag<NetworkSpec> Networks { get; } = AliasedNetwork(flags);
    public ListFlag<string> NetworkAliases { get; } = AliasedNetworkAlias(flags);
    public ValueFlag<bool> NoHealthcheck { get; } = flags.Switch("no-healthcheck", '\0', "Turn off the image's health check");
    public ValueFlag<bool> OomKillDisable { get; } = flags.Switch("oom-kill-disable", '\0', "Do not kill processes when memory is out");
    public ValueFlag<long> OomScoreAdj { get; } = flags.Integer("oom-score-adj", '\0', "Preference of the kernel's OOM killer (-1000 to 1000)");
    public ValueFlag<string> Pid { get; } = flags.Text("pid", '\0', "PID namespace");
    public ValueFlag<long> PidsLimit { get; } = flags.Integer("pids-limit", '\0', "Limit of processes (-1 for unlimited)");
    public ValueFlag<string> Platform { get; } = flags.Text("platform", '\0', "Platform of the image (os/arch)");
    public ValueFlag<bool> Privileged { get; } = flags.Switch("privileged", '\0', "Give the container all privileges");
    public ListFlag<string> Publish { get; } = flags.List("publish", 'p', "Publish ports on the host");
    public ValueFlag<bool> PublishAll { get; } = flags.Switch("publish-all", 'P', "Publish all exposed ports on random ports");
    public ValueFlag<string> Pull { get; } = flags.Text("pull", '\0', "Pull the image before running (\"always\", \"missing\", \"never\")", "missing");
    public ValueFlag<bool> Quiet { get; } = flags.Switch("quiet", 'q', "Do not show the pull's progress");
    public ValueFlag<bool> ReadOnly { get; } = flags.Switch("read-only", '\0', "Mount the container's root file system read-only");
    public ValueFlag<string> Restart { get; } = flags.Text("restart", '\0', "What to do when the container exits", "no");
    public ValueFlag<bool> Remove { get; } = flags.Switch("rm", '\0', "Remove the container and its anonymous volumes when it exits");
    public ValueFlag<string> Runtime { get; } = flags.Text("runtime", '\0', "OCI runtime for the container");
    public ListFlag<string> SecurityOpt { get; } = flags.List("security-opt", '\0', "Security options");
    public ValueFlag<long> ShmSize { get; } = flags.Bytes("shm-size", '\0', "Size of /dev/shm");
    public ValueFlag<string> StopSignal { get; } = flags.Text("stop-signal", '\0', "Signal that stops the container");
    public ValueFlag<long> StopTimeout { get; } = flags.Integer("stop-timeout", '\0', "Seconds to wait before the container is killed");
    public ListFlag<string> StorageOpt { get; } = flags.List("storage-opt", '\0', "Options of the storage driver");
    public ListFlag<KeyValuePair<string, string>> Sysctls { get; } = flags.Add(new ListFlag<KeyValuePair<string, string>>("sysctl", '\0', "map", "Kernel parameters", KeyValues.Sysctl) { DefaultText = "map[]" });
    public ListFlag<string> Tmpfs { get; } = flags.List("tmpfs", '\0', "Mount a tmpfs");
    public ValueFlag<bool> Tty { get; } = flags.Switch("tty", 't', "Allocate a pseudo-TTY");
    public ListFlag<Ulimit> Ulimits { get; } = flags.Add(new ListFlag<Ulimit>("ulimit", '\0', "ulimit", "Resource limits", UlimitSpec.Parse) { DefaultText = "[]" });
    public ValueFlag<string> User { get; } = flags.Text("user", 'u', "User name or ID (<name|uid>[:<group|gid>])");
    public ValueFlag<string> Userns { get; } = flags.Text("userns", '\0', "User namespace");
    public ValueFlag<string> Uts { get; } = flags.Text("uts", '\0', "UTS namespace");
    public ListFlag<string> Volumes { get; } = flags.List("volume", 'v', "Mount a folder of the host or a volume");
    public ValueFlag<string> VolumeDriver { get; } = flags.Text("volume-driver", '\0', "Driver of new volumes");
    public ListFlag<string> VolumesFrom { get; } = flags.List("volumes-from", '\0', "Mount the volumes of other containers");
    public ValueFlag<string> WorkingFolder { get; } = flags.Text("workdir", 'w', "Working folder in the container");

    private static ValueFlag<long> Duration(FlagSet flags, string name, string usage)
        => flags.Add(new ValueFlag<long>(name, '\0', "duration", usage, 0, FlagValues.Duration) { DefaultText = "0s" });

    /// <summary><c>--net</c> and <c>--net-alias</c> are the names of old.</summary>
    private static ListFlag<NetworkSpec> AliasedNetwork(FlagSet flags)
    {
        var network = flags.Add(new ListFlag<NetworkSpec>("network", '\0', "network", "Connect the container to a network", NetworkSpec.Parse));
        flags.Add(new ForwardingFlag("net", network));
        return network;
    }

    private static ListFlag<string> AliasedNetworkAlias(FlagSet flags)
    {
        var alias = flags.List("network-alias", '\0', "Further name of the container in its network");
        flags.Add(new ForwardingFlag("net-alias", alias));
        return alias;
    }
}
