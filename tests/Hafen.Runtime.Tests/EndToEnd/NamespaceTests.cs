using System.Text.Json;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

public class NamespaceTests
{
    private static readonly SpecIdMapping[] s_mapping = [new() { ContainerId = 0, HostId = 100000, Size = 65536 }];

    [Fact]
    public void Each_namespace_is_the_containers_own_or_the_hosts()
    {
        using var bundle = new Bundle();
        string[] files = [.. new[] { "pid", "net", "ipc", "uts", "mnt", "cgroup", "time", "user" }.Where(name => File.Exists("/proc/self/ns/" + name))];
        string script = $"for n in {string.Join(' ', files)}; do readlink /proc/self/ns/$n; done; cat /sys/class/net/lo/operstate; echo $$";
        string[] inside = bundle.Shell(script).Lines;
        for (int i = 0; i < files.Length; i++)
        {
            string? host = new FileInfo("/proc/self/ns/" + files[i]).LinkTarget;
            Assert.Equal(files[i] is "time" or "user", host == inside[i]);
        }

        Assert.Equal("1", inside[^1]);

        bundle.Linux = bundle.Linux with { Namespaces = [new SpecNamespace { Type = "mount" }] };
        Assert.Equal(new FileInfo("/proc/self/ns/net").LinkTarget, bundle.Shell("readlink /proc/self/ns/net").Lines[0]);
    }

    [Fact]
    public void The_loopback_of_a_new_network_is_up()
    {
        using var bundle = new Bundle();
        Assert.Contains("127.0.0.1", bundle.Shell("ip addr show lo").Good, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_namespace_maps_root_away()
    {
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with
        {
            Namespaces = [.. bundle.Linux.Namespaces!, new SpecNamespace { Type = "user" }],
            UidMappings = s_mapping,
            GidMappings = s_mapping,
        };
        bundle.Process = bundle.Process with { OomScoreAdj = 50, Rlimits = [new SpecRlimit { Type = "RLIMIT_NOFILE", Soft = 100, Hard = 200 }] };
        string[] lines = bundle.Shell("id -u; cat /proc/self/uid_map; stat -c %u /dev/mqueue; echo x > /dev/null; cat /proc/self/oom_score_adj; ulimit -n").Lines;
        Assert.Equal(["0", "         0     100000      65536", "0", "50", "100"], lines);
    }

    [Fact]
    public void Time_offsets_show()
    {
        Assert.SkipUnless(File.Exists("/proc/self/ns/time"), "the kernel has no time namespaces");
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with
        {
            Namespaces = [.. bundle.Linux.Namespaces!, new SpecNamespace { Type = "time" }],
            TimeOffsets = new() { ["boottime"] = new SpecTimeOffset { Secs = 1_000_000 } },
        };
        Assert.True(int.Parse(bundle.Shell("cut -d. -f1 /proc/uptime").Good) >= 1_000_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Namespaces_of_another_container_are_joined(bool userNamespace)
    {
        using var first = new Bundle();
        if (userNamespace)
        {
            first.Linux = first.Linux with
            {
                Namespaces = [.. first.Linux.Namespaces!, new SpecNamespace { Type = "user" }],
                UidMappings = s_mapping,
                GidMappings = s_mapping,
            };
        }

        first.StartSleeping();
        int pid = JsonDocument.Parse(first.Verb("state", first.Id).Good).RootElement.GetProperty("pid").GetInt32();

        using var second = new Bundle();
        string[] joined = userNamespace ? ["user", "network", "ipc", "pid"] : ["network", "ipc", "pid"];
        second.Linux = second.Linux with
        {
            Namespaces =
            [
                new SpecNamespace { Type = "mount" }, new SpecNamespace { Type = "uts" },
                .. joined.Select(type => new SpecNamespace { Type = type, Path = $"/proc/{pid}/ns/{(type == "network" ? "net" : type)}" }),
            ],
            UidMappings = userNamespace ? s_mapping : null,
            GidMappings = userNamespace ? s_mapping : null,
        };
        string[] lines = second.Shell("readlink /proc/self/ns/net; readlink /proc/self/ns/ipc; readlink /proc/self/ns/pid; test $$ -gt 1 && echo joined").Lines;
        string Of(string name) => new FileInfo($"/proc/{pid}/ns/{name}").LinkTarget!;
        Assert.Equal([Of("net"), Of("ipc"), Of("pid"), "joined"], lines);
    }

    /// <summary>Neighbours with CAP_SYS_PTRACE in the user namespace the pid namespace belongs to could take over what is born there with the host's rights.</summary>
    [Fact]
    public void A_pid_namespace_of_another_user_namespace_is_not_joined()
    {
        using var host = new Bundle();
        host.StartSleeping();
        using var user = new Bundle();
        user.Linux = user.Linux with { Namespaces = [.. user.Linux.Namespaces!, new SpecNamespace { Type = "user" }], UidMappings = s_mapping, GidMappings = s_mapping };
        user.StartSleeping();
        string Of(Bundle bundle, string type) => $"/proc/{JsonDocument.Parse(bundle.Verb("state", bundle.Id).Good).RootElement.GetProperty("pid").GetInt32()}/ns/{type}";

        using var mixed = new Bundle();
        mixed.Linux = mixed.Linux with
        {
            Namespaces =
            [
                new SpecNamespace { Type = "mount" }, new SpecNamespace { Type = "user", Path = Of(user, "user") }, new SpecNamespace { Type = "pid", Path = Of(host, "pid") },
            ],
        };
        Assert.Contains("belongs to another user namespace", mixed.Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_path_that_is_no_namespace_is_refused()
    {
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with { Namespaces = [new SpecNamespace { Type = "mount" }, new SpecNamespace { Type = "network", Path = "/etc/passwd" }] };
        Assert.Contains("/etc/passwd", bundle.Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_runtime_in_a_chroot_keeps_its_containers_in_their_roots()
    {
        using var bundle = new Bundle();
        bundle.Process = bundle.Process with { Args = ["sleep", "1000"] };
        bundle.Save();
        string other = Directory.CreateDirectory(Path.Combine(bundle.Folder, "chroot")).FullName;
        string runtime = $"{NativeRuntime.Executable} --root {bundle.States}";
        var outcome = NativeRuntime.Start("unshare", bundle.Folder, null, "-m", "--propagation", "private", "sh", "-c",
            $"mount --rbind / {other} && exec chroot {other} sh -ec 'cd {bundle.Folder}; {runtime} run --detach {bundle.Id} </dev/null >/dev/null 2>&1; {runtime} exec {bundle.Id} touch /{bundle.Id}'");
        Assert.Equal("", outcome.Good);
        Assert.True(File.Exists(Path.Combine(bundle.Root, bundle.Id)));
        Assert.False(File.Exists("/" + bundle.Id));
    }
}
