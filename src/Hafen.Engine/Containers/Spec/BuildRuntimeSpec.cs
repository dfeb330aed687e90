using Hafen.Api;
using Hafen.Engine.Containers.Create;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Containers.Spec;

/// <summary>Container, image and host become <c>config.json</c>. Pure: everything it needs stands in <see cref="SpecInputs"/>.</summary>
internal static class BuildRuntimeSpec
{
    /// <summary>Where Docker, too, puts the init of <c>--init</c>.</summary>
    public const string InitDestination = "/sbin/docker-init";

    /// <summary>Name of the root's folder in the bundle.</summary>
    public const string RootFolder = "rootfs";

    public static RuntimeSpec Build(SpecInputs inputs)
    {
        var record = inputs.Record;
        var host = record.HostConfig;
        bool init = UsesInit(inputs);
        bool ownUts = host.UTSMode != NamespaceMode.Host;
        return new RuntimeSpec
        {
            OciVersion = "1.2.0",
            Process = BuildProcess(inputs, init),
            Root = new SpecRoot { Path = RootFolder, Readonly = host.ReadonlyRootfs },
            Hostname = ownUts ? inputs.Hostname : null,
            Domainname = ownUts && !string.IsNullOrEmpty(inputs.Domainname) ? inputs.Domainname : null,
            Mounts = BuildMounts.Build(inputs, init),
            Annotations = host.Annotations,
            Linux = new SpecLinux
            {
                Namespaces = Namespaces(inputs),
                Devices = [.. inputs.Devices.Select(d => d.Node)],
                CgroupsPath = CgroupPath(record.Id, host, inputs.Options),
                Resources = inputs.Limits with { Devices = BuildResources.DeviceRulesOf(host, inputs.Devices) },
                RootfsPropagation = BuildMounts.RootPropagation(record.Mounts),
                Sysctl = Sysctls(inputs),
                MaskedPaths = host.Privileged ? null : host.MaskedPaths,
                ReadonlyPaths = host.Privileged ? null : host.ReadonlyPaths,
            },
        };
    }

    /// <summary>The container's cgroup below the hierarchies' roots.</summary>
    public static string CgroupPath(string id, HostConfig host, EngineOptions options)
    {
        string parent = string.IsNullOrEmpty(host.CgroupParent) ? options.CgroupParent : host.CgroupParent;
        // Nobody gets above the root of the hierarchies: ../../X is X.
        return CleanPath.Of($"/{parent}/{id}");
    }

    /// <summary>The command line: entrypoint, then command.</summary>
    public static string[] CommandLine(ContainerConfig config) => [.. config.Entrypoint ?? [], .. config.Cmd ?? []];

    private static bool UsesInit(SpecInputs inputs)
    {
        var host = inputs.Record.HostConfig;
        bool wanted = host.Init ?? inputs.Options.DefaultInit;
        // In a shared pid namespace an init would not be pid 1.
        return wanted && inputs.Options.InitPath is not null && string.IsNullOrEmpty(host.PidMode);
    }

    private static SpecProcess BuildProcess(SpecInputs inputs, bool init)
    {
        var config = inputs.Record.Config;
        var host = inputs.Record.HostConfig;
        string[] command = CommandLine(config);
        string[] capabilities = inputs.Capabilities;
        return new SpecProcess
        {
            Terminal = config.Tty,
            ConsoleSize = config.Tty && host.ConsoleSize is [> 0, > 0] ? new SpecConsoleSize { Height = host.ConsoleSize[0], Width = host.ConsoleSize[1] } : null,
            User = new SpecUser { Uid = inputs.User.Uid, Gid = inputs.User.Gid, AdditionalGids = inputs.User.AdditionalGids },
            Args = init ? [InitDestination, "--", .. command] : command,
            Env = ContainerEnvironment.Build(config with { Hostname = inputs.Hostname }, config.Tty, inputs.User.Home),
            Cwd = string.IsNullOrEmpty(config.WorkingDir) ? "/" : config.WorkingDir,
            Capabilities = new SpecCapabilities
            {
                Bounding = capabilities,
                Effective = capabilities,
                Permitted = capabilities,
                // Inheritable ones would leak to programs with file capabilities (CVE-2022-24769).
            },
            Rlimits = Rlimits(host, inputs.Options),
            NoNewPrivileges = inputs.Security.NoNewPrivileges,
            OomScoreAdj = host.OomScoreAdj,
        };
    }

    private static SpecNamespace[] Namespaces(SpecInputs inputs)
    {
        var host = inputs.Record.HostConfig;
        var namespaces = new List<SpecNamespace> { new() { Type = "mount" } };
        if (!inputs.Network.UsesHost)
            namespaces.Add(new SpecNamespace { Type = "network", Path = inputs.Network.SharesContainer ? Shared("network", "net") : inputs.NetworkNamespace });
        if (host.UTSMode != NamespaceMode.Host)
            namespaces.Add(new SpecNamespace { Type = "uts" });
        Add("pid", "pid", host.PidMode);
        Add("ipc", "ipc", host.IpcMode);
        if (host.CgroupnsMode == NamespaceMode.Private)
            namespaces.Add(new SpecNamespace { Type = "cgroup" });
        return [.. namespaces];

        void Add(string type, string file, string? mode)
        {
            if (mode == NamespaceMode.Host)
                return;
            namespaces.Add(new SpecNamespace { Type = type, Path = NamespaceMode.IsContainer(mode) ? Shared(type, file) : null });
        }

        string Shared(string type, string file) => $"/proc/{inputs.SharedPids[type]}/ns/{file}";
    }

    /// <summary>The container's limits above the daemon's defaults, for each of its processes.</summary>
    public static SpecRlimit[]? Rlimits(HostConfig host, EngineOptions options)
    {
        var limits = new Dictionary<string, Ulimit>(StringComparer.Ordinal);
        foreach (var limit in options.DefaultUlimits)
            limits[limit.Name!] = limit;
        foreach (var limit in host.Ulimits ?? [])
            limits[limit.Name!] = limit;
        if (limits.Count == 0)
            return null;
        // -1 is "unlimited", which the kernel writes as all ones.
        return [.. limits.Values.Select(l => new SpecRlimit
        {
            Type = "RLIMIT_" + l.Name!.ToUpperInvariant(),
            Hard = unchecked((ulong)l.Hard),
            Soft = unchecked((ulong)l.Soft),
        })];
    }

    private static Dictionary<string, string>? Sysctls(SpecInputs inputs)
    {
        var sysctls = new Dictionary<string, string>(StringComparer.Ordinal);
        if (inputs.Network.HasOwnNamespace)
        {
            // Inside a network of its own, low ports and ping need no privilege.
            sysctls["net.ipv4.ip_unprivileged_port_start"] = "0";
            sysctls["net.ipv4.ping_group_range"] = "0 2147483647";
        }
        foreach (var (name, value) in inputs.Record.HostConfig.Sysctls ?? [])
            sysctls[name] = value;
        return sysctls.Count == 0 ? null : sysctls;
    }
}
