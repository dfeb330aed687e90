using System.Text.Json;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Cli.Options;
using Hafen.Runtime.Errors;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>spec [--bundle FOLDER]</c>: writes a config.json to start from.</summary>
internal static class SpecVerb
{
    private static readonly string[] Capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];

    public static int Run(GlobalOptions global)
    {
        var options = VerbOptions.Parse(global.Rest, [], ["bundle|b"]);
        var path = Path.Combine(options.Value("bundle") ?? ".", "config.json");
        if (File.Exists(path))
            throw new RuntimeException(RuntimeFailureKind.InvalidArgument, "spec", $"file {path} exists. Remove it first");
        File.WriteAllText(path, JsonSerializer.Serialize(Default(), CliJson.Indented.RuntimeSpec) + "\n");
        return 0;
    }

    public static RuntimeSpec Default() => new()
    {
        OciVersion = "1.2.0",
        Hostname = "hafen",
        Root = new SpecRoot { Path = "rootfs", Readonly = true },
        Process = new SpecProcess
        {
            Terminal = true,
            User = new SpecUser(),
            Args = ["sh"],
            Env = ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
            Cwd = "/",
            NoNewPrivileges = true,
            Capabilities = new SpecCapabilities { Bounding = Capabilities, Effective = Capabilities, Permitted = Capabilities },
            Rlimits = [new SpecRlimit { Type = "RLIMIT_NOFILE", Hard = 1024, Soft = 1024 }],
        },
        Mounts =
        [
            Mount("/proc", "proc", "proc"),
            Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k"),
            Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"),
            Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", "size=65536k"),
            Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev"),
            Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro"),
            Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro"),
        ],
        Linux = new SpecLinux
        {
            Resources = new SpecResources { Devices = [new SpecDeviceRule { Allow = false, Access = "rwm" }] },
            Namespaces = [.. new[] { "pid", "network", "ipc", "uts", "mount", "cgroup" }.Select(type => new SpecNamespace { Type = type })],
            MaskedPaths =
            [
                "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
                "/proc/sched_debug", "/sys/firmware", "/proc/scsi",
            ],
            ReadonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"],
        },
    };

    private static SpecMount Mount(string destination, string type, string source, params string[] options) =>
        new() { Destination = destination, Type = type, Source = source, Options = options.Length > 0 ? options : null };
}
