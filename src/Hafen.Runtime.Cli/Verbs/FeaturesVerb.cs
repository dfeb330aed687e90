using System.Text.Json;
using Hafen.Linux.Capabilities;
using Hafen.Runtime.Cli.Options;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>features</c>.</summary>
internal static class FeaturesVerb
{
    private static readonly string[] Attributes =
    [
        "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "lazytime", "noatime", "nodev", "nodiratime", "noexec", "norelatime",
        "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "rexec", "rnoatime", "rnodev",
        "rnodiratime", "rnoexec", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid",
        "rsymfollow", "runbindable", "rw", "shared", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable",
    ];

    public static int Run()
    {
        var features = new RuntimeFeatures
        {
            OciVersionMin = "1.0.0",
            OciVersionMax = "1.2.0",
            Hooks = ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"],
            MountOptions = Attributes,
            Linux = new LinuxFeatures
            {
                Namespaces = ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"],
                Capabilities = [.. CapabilityNames.All],
                Cgroup = new CgroupFeatures { V1 = true, V2 = true, Systemd = false, SystemdUser = false },
                Seccomp = new EnabledFeature { Enabled = true },
                Apparmor = new EnabledFeature { Enabled = true },
                Selinux = new EnabledFeature { Enabled = true },
            },
        };
        Console.Out.WriteLine(JsonSerializer.Serialize(features, CliJson.Indented.RuntimeFeatures));
        return 0;
    }
}
