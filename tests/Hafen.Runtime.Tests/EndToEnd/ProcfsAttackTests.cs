using System.Text.Json;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>What the runtime writes to or hides in procfs is not what the container makes of these names.</summary>
public class ProcfsAttackTests
{
    /// <summary>CVE-2025-31133: the null device that hides a file was taken by its name, which may be a link in the image.</summary>
    [Fact]
    public void A_link_in_place_of_the_null_device_is_not_what_hides_a_file()
    {
        using var bundle = new Bundle();
        string devices = Path.Combine(bundle.Folder, "devices");
        string secret = Path.Combine(bundle.Folder, "secret");
        Directory.CreateDirectory(devices);
        File.WriteAllText(secret, "of the host\n");
        File.CreateSymbolicLink(Path.Combine(devices, "null"), "/proc/sys/kernel/core_pattern");
        string before = File.ReadAllText("/proc/sys/kernel/core_pattern");
        bundle.Spec = bundle.Spec with { Mounts = [.. bundle.Spec.Mounts!.Where(mount => !mount.Destination.StartsWith("/dev", StringComparison.Ordinal))] };
        bundle.AddMount("/dev", "bind", devices, "rbind");
        bundle.Linux = bundle.Linux with { MaskedPaths = ["/etc/passwd", "/proc/kcore"] };
        Assert.Equal(["1:3", ""], bundle.Shell("stat -c %t:%T /etc/passwd; cat /etc/passwd; echo").Good.Split('\n')[..2]);
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/core_pattern"));
    }

    /// <summary>CVE-2025-52881: the runtime's own writes below /proc were led to other files of it.</summary>
    [Fact]
    public void A_container_that_puts_its_own_proc_in_place_does_not_lead_the_runtimes_writes()
    {
        using var bundle = new Bundle();
        string[] capabilities = ["CAP_SYS_ADMIN", "CAP_SYS_RESOURCE"];
        bundle.Process = bundle.Process with
        {
            Capabilities = new SpecCapabilities { Bounding = capabilities, Permitted = capabilities, Effective = capabilities },
            Args = ["sh", "-c", "mount -t tmpfs none /proc && mkdir -p /proc/self/attr /proc/thread-self && echo untouched >/proc/self/oom_score_adj && echo >/tmp/ready && sleep 1000"],
        };
        bundle.Save();
        Assert.Equal(0, bundle.Verb("create", bundle.Id).Code);
        _ = bundle.Verb("start", bundle.Id).Good;
        Assert.True(SpinWait.SpinUntil(() => File.Exists(Path.Combine(bundle.Root, "tmp/ready")), TimeSpan.FromSeconds(20)));
        string file = Path.Combine(bundle.Folder, "process.json");
        File.WriteAllBytes(file, JsonSerializer.SerializeToUtf8Bytes(bundle.Process with { Args = ["sleep", "1000"], OomScoreAdj = 321 }, RuntimeSpecJson.Default.SpecProcess));
        string pidFile = Path.Combine(bundle.Folder, "pid");
        Assert.Equal(0, bundle.Exec("-d", "--process", file, "--pid-file", pidFile, bundle.Id).Code);
        Assert.Equal("321", File.ReadAllText($"/proc/{File.ReadAllText(pidFile)}/oom_score_adj").Trim());
        Assert.Equal("untouched\n", bundle.Exec(bundle.Id, "cat", "/proc/self/oom_score_adj").Good);
    }

    /// <summary>The same for what is written while a container is made: its /proc is a part of procfs, but not the one that is meant.</summary>
    [Fact]
    public void A_part_of_procfs_bound_over_proc_does_not_lead_the_runtimes_writes()
    {
        using var bundle = new Bundle();
        bundle.Spec = bundle.Spec with { Mounts = [.. bundle.Spec.Mounts!.Where(mount => mount.Destination != "/proc")] };
        bundle.AddMount("/proc", "bind", "/proc/sys", "rbind");
        bundle.Linux = bundle.Linux with { Sysctl = new() { ["net.ipv4.ip_forward"] = "1" } };
        bundle.Process = bundle.Process with { OomScoreAdj = 123 };
        Assert.Equal("1\n", bundle.Shell("cat /proc/net/ipv4/ip_forward").Good);
    }
}
