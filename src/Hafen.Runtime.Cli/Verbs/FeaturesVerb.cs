using System.Text.Json;
using Hafen.Linux.Capabilities;
using Hafen.Linux.Seccomp;

namespace Hafen.Runtime.Cli.Verbs;

/// <summary><c>features</c>.</summary>
internal static class FeaturesVerb
{
    private static readonly string[] s_mountOptions =
    [
        "async", "atime", "bind", "defaults", "dev", "diratime", "dirsync", "exec", "lazytime", "noatime", "nodev", "nodiratime", "noexec", "norelatime",
        "nostrictatime", "nosuid", "nosymfollow", "private", "ratime", "rbind", "rdev", "rdiratime", "relatime", "rexec", "rnoatime", "rnodev",
        "rnodiratime", "rnoexec", "rnosuid", "rnosymfollow", "ro", "rprivate", "rrelatime", "rro", "rrw", "rshared", "rslave", "rstrictatime", "rsuid",
        "rsymfollow", "runbindable", "rw", "shared", "slave", "strictatime", "suid", "symfollow", "sync", "tmpcopyup", "unbindable",
    ];

    private static readonly string[] s_actions =
    [
        "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_LOG", "SCMP_ACT_TRACE",
        "SCMP_ACT_TRAP",
    ];

    private static readonly string[] s_operators =
    [
        "SCMP_CMP_EQ", "SCMP_CMP_GE", "SCMP_CMP_GT", "SCMP_CMP_LE", "SCMP_CMP_LT", "SCMP_CMP_MASKED_EQ", "SCMP_CMP_NE",
    ];

    private static readonly string[] s_filterFlags =
    [
        "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
    ];

    public static int Run()
    {
        JsonOutput.Print(indented: true, json =>
        {
            json.WriteStartObject();
            json.WriteString("ociVersionMin", "1.0.0");
            json.WriteString("ociVersionMax", "1.2.0");
            Array(json, "hooks", ["prestart", "createRuntime", "createContainer", "startContainer", "poststart", "poststop"]);
            Array(json, "mountOptions", s_mountOptions);
            json.WriteStartObject("linux");
            Array(json, "namespaces", ["cgroup", "ipc", "mount", "network", "pid", "time", "user", "uts"]);
            Array(json, "capabilities", CapabilityNames.All);
            json.WriteStartObject("cgroup");
            json.WriteBoolean("v1", true);
            json.WriteBoolean("v2", true);
            json.WriteBoolean("systemd", false);
            json.WriteBoolean("systemdUser", false);
            json.WriteEndObject();
            json.WriteStartObject("seccomp");
            json.WriteBoolean("enabled", true);
            Array(json, "actions", s_actions);
            Array(json, "operators", s_operators);
            Array(json, "archs", SeccompArchitectures.All);
            Array(json, "knownFlags", s_filterFlags);
            Array(json, "supportedFlags", s_filterFlags);
            json.WriteEndObject();
            Enabled(json, "apparmor", true);
            Enabled(json, "selinux", true);
            Enabled(json, "intelRdt", false);
            json.WriteStartObject("mountExtensions");
            Enabled(json, "idmap", false);
            json.WriteEndObject();
            json.WriteEndObject();
            json.WriteStartObject("annotations");
            json.WriteEndObject();
            json.WriteEndObject();
        });
        return 0;
    }

    private static void Enabled(Utf8JsonWriter json, string feature, bool enabled)
    {
        json.WriteStartObject(feature);
        json.WriteBoolean("enabled", enabled);
        json.WriteEndObject();
    }

    private static void Array(Utf8JsonWriter json, string name, IEnumerable<string> values)
    {
        json.WriteStartArray(name);
        foreach (string value in values)
            json.WriteStringValue(value);
        json.WriteEndArray();
    }
}
