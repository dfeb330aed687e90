namespace Hafen.Daemon.Configuration;

/// <summary>All settings, and the ones of <c>dockerd</c> that are known but not served.</summary>
internal static class SettingTable
{
    public static IReadOnlyList<Setting> All { get; } =
    [
        List("host", "hosts", (s, v) => s with { Hosts = v }, 'H'),
        Text("data-root", (s, v) => s with { DataRoot = v }, 'g'),
        Text("exec-root", (s, v) => s with { ExecRoot = v }),
        Text("pidfile", (s, v) => s with { PidFile = v }, 'p'),
        Text("group", (s, v) => s with { Group = v }, 'G'),
        Flag("debug", (s, v) => s with { Debug = v }, 'D', reloadable: true),
        Text("log-level", (s, v) => s with { LogLevel = v }, 'l', reloadable: true),

        Text("bridge", (s, v) => s with { Bridge = v }, 'b'),
        Text("bridge-name", (s, v) => s with { BridgeName = v }),
        Text("bip", (s, v) => s with { Bip = v }),
        Text("fixed-cidr", (s, v) => s with { FixedCidr = v }),
        Number("mtu", (s, v) => s with { Mtu = v == 0 ? null : v }),
        Flag("iptables", (s, v) => s with { Firewall = v }),
        Flag("ip-forward", (s, v) => s with { Forwarding = v }),
        Flag("ip-masq", (s, v) => s with { Masquerade = v }),
        Text("host-gateway-ip", (s, v) => s with { HostGateway = v }),
        List("dns", "dns", (s, v) => s with { Dns = SettingChecks.Addresses("dns", v) }),
        List("dns-search", "dns-search", (s, v) => s with { DnsSearch = SettingChecks.Domains("dns-search", v) }),
        List("dns-opt", "dns-opts", (s, v) => s with { DnsOptions = v }),

        Flag("tls", (s, v) => s with { Tls = v, TlsDecided = true }),
        // Whoever speaks of verifying wants TLS, whatever --tls says.
        Flag("tlsverify", (s, v) => s with { Tls = true, TlsVerify = v, TlsDecided = true }),
        Text("tlscacert", (s, v) => s with { TlsCaCertificate = v }),
        Text("tlscert", (s, v) => s with { TlsCertificate = v }),
        Text("tlskey", (s, v) => s with { TlsKey = v }),

        Text("runtime-path", (s, v) => s with { RuntimePath = v }),
        Flag("init", (s, v) => s with { Init = v }),
        Text("init-path", (s, v) => s with { InitPath = v }),
        Text("cgroup-parent", (s, v) => s with { CgroupParent = v }),
        Text("default-shm-size", (s, v) => s with { DefaultShmSize = v }, reloadable: true),
        Text("default-ipc-mode", (s, v) => s with { DefaultIpcMode = v }, reloadable: true),
        Number("default-stop-timeout", (s, v) => s with { DefaultStopTimeout = v }, reloadable: true),
        new("default-ulimit", "default-ulimits", SettingKind.Map, (s, v) => s with { DefaultUlimits = v }),
        Text("log-driver", (s, v) => s with { LogDriver = v }),
        new("log-opt", "log-opts", SettingKind.Map, (s, v) => s with { LogOptions = v }),
        Flag("no-new-privileges", (s, v) => s with { NoNewPrivileges = v }),
        Number("shutdown-timeout", (s, v) => s with { ShutdownTimeout = v }, reloadable: true),
        List("label", "labels", (s, v) => s with { Labels = SettingChecks.Labels(v) }, reloadable: true),

        Flag("live-restore", (s, v) => s with { LiveRestore = v }, reloadable: true),

        // Ports are published by the kernel, and what reaches them through a proxy elsewhere reaches them here: nothing to choose.
        Flag("userland-proxy", (s, _) => s),

        // Limits of what is never done are kept.
        Limit("max-concurrent-downloads", "max concurrent downloads"),
        Limit("max-concurrent-uploads", "max concurrent uploads"),
        Limit("max-download-attempts", "max download attempts"),

        // What cannot be otherwise here may be said all the same: configurations for Docker say it.
        Only("icc", wanted: true, "containers of the default bridge reach each other"),
        Only("ipv6", wanted: false, "the default bridge has IPv4 addresses only"),
        Only("experimental", wanted: false, "there are no experimental features"),
        Only("selinux-enabled", wanted: false, "SELinux labels are not supported"),
        Only("storage-driver", "overlay2", 's'),
        Only("log-format", "text"),
        Only("exec-opt", "exec-opts", "native.cgroupdriver=cgroupfs"),
        // Which builder clients are to ask for does not matter where there is none.
        new("feature", "features", SettingKind.FlagMap, (settings, values) => values.FirstOrDefault(value => IsOn(value) && value != "buildkit=true") is not { } other
            ? settings
            : throw new SettingException($"the feature {other[..other.IndexOf('=')]} is not supported by this version")),
    ];

    /// <summary>Directives of <c>dockerd</c> that mean something this version cannot do.</summary>
    public static IReadOnlySet<string> Unserved { get; } = new HashSet<string>(StringComparer.Ordinal)
    {
        "add-runtime", "runtimes", "allow-direct-routing", "allow-nondistributable-artifacts", "api-cors-header", "authorization-plugin", "authorization-plugins", "bip6", "bridge-accept-fwmark",
        "builder", "cdi-spec-dirs", "cgroupns-mode", "default-cgroupns-mode", "cluster-advertise", "cluster-store", "config-only", "containerd",
        "containerd-namespace", "containerd-plugin-namespace", "containerd-plugins-namespace", "cri-containerd", "cpu-rt-period", "cpu-rt-runtime", "data-root-migration", "default-address-pools",
        "default-address-pool", "default-gateway", "default-gateway-v6", "default-network-opts", "default-network-opt", "default-runtime",
        "dns-opts-v6", "firewall-backend", "fixed-cidr-v6", "http-proxy", "https-proxy",
        "no-proxy", "proxies", "insecure-registries", "insecure-registry", "host-gateway-ips", "ip", "ip6tables", "ip-forward-no-drop",
        "metrics-addr", "min-api-version", "network-control-plane-mtu",
        "network-diagnostic-port", "node-generic-resources", "node-generic-resource", "nri-opt", "nri-opts", "oom-score-adjust", "raw-logs", "registry-mirrors",
        "registry-mirror", "rootless", "seccomp-profile", "storage-opts", "storage-opt", "swarm-default-advertise-addr", "swarm-raft-election-tick", "swarm-raft-heartbeat-tick",
        "userland-proxy-path", "userns-remap",
    };

    private static Setting Text(string name, Func<DaemonSettings, string, DaemonSettings> apply, char? letter = null, bool reloadable = false)
        => new(name, name, SettingKind.Text, (settings, values) => apply(settings, values[^1]), letter, reloadable);

    private static Setting Flag(string name, Func<DaemonSettings, bool, DaemonSettings> apply, char? letter = null, bool reloadable = false)
        => new(name, name, SettingKind.Flag, (settings, values) => apply(settings, Setting.ParseFlag(name, values[^1])), letter, reloadable);

    private static Setting Number(string name, Func<DaemonSettings, int, DaemonSettings> apply, bool reloadable = false)
        => new(name, name, SettingKind.Number, (settings, values) => apply(settings, Setting.ParseNumber(name, values[^1])), Reloadable: reloadable);

    private static Setting List(
        string flag, string key, Func<DaemonSettings, IReadOnlyList<string>, DaemonSettings> apply, char? letter = null, bool reloadable = false)
        => new(flag, key, SettingKind.List, apply, letter, reloadable);

    private static Setting Limit(string name, string words) => new(name, name, SettingKind.Number, (settings, values)
        => Setting.ParseNumber(name, values[^1]) >= 0 ? settings : throw new SettingException($"invalid {words}: {values[^1]}"));

    private static bool IsOn(string pair)
    {
        int equals = pair.IndexOf('=');
        if (equals <= 0)
            throw new SettingException($"invalid argument \"{pair}\" for \"--feature\" flag: expected key=value");
        return Setting.ParseFlag("feature", pair[(equals + 1)..]);
    }

    private static Setting Only(string name, bool wanted, string why) => new(name, name, SettingKind.Flag, (settings, values)
        => Setting.ParseFlag(name, values[^1]) == wanted
            ? settings
            : throw new SettingException($"{name} cannot be {(wanted ? "false" : "true")}: {why}"));

    private static Setting Only(string name, string wanted, char? letter = null) => new(name, name, SettingKind.Text, (settings, values)
        => values.FirstOrDefault(value => value != wanted) is not { } other ? settings : throw new SettingException(Other(name, other, wanted)), letter);

    private static Setting Only(string flag, string key, string wanted) => new(flag, key, SettingKind.List, (settings, values)
        => values.FirstOrDefault(value => value != wanted) is not { } other ? settings : throw new SettingException(Other(flag, other, wanted)));

    private static string Other(string name, string value, string wanted) => $"{name} cannot be \"{value}\": this version has \"{wanted}\" only";
}
