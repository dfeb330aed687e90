using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

public class MountTests
{
    [Fact]
    public void Bind_mounts_read_only_recursively_or_not()
    {
        using var bundle = new Bundle();
        using var host = new HostMount(Path.Combine(bundle.Folder, "host"), "tmpfs");
        using var below = new HostMount(Path.Combine(bundle.Folder, "host/below"), "tmpfs");
        bundle.AddMount("/rw", "bind", host.Path, "rbind");
        bundle.AddMount("/ro", "bind", host.Path, "rbind", "ro");
        bundle.AddMount("/rro", "bind", host.Path, "rbind", "rro");
        bundle.AddMount("/flat", "bind", "host", "bind");
        const string Script = "for f in rw/a rw/below/a ro/b ro/below/b rro/c rro/below/c; do touch /$f 2>/dev/null && echo $f; done; ls /flat/below | wc -l";
        Assert.Equal(["rw/a", "rw/below/a", "ro/below/b", "0"], bundle.Shell(Script).Lines);
    }

    [Fact]
    public void Files_can_be_bound_and_mount_points_are_made()
    {
        using var bundle = new Bundle();
        File.WriteAllText(Path.Combine(bundle.Folder, "file"), "content");
        bundle.AddMount("/deep/er/file", "bind", "file", "bind", "ro");
        bundle.AddMount("/deep/er/folder", "tmpfs", "tmpfs", "size=1m");
        Assert.Equal("content", bundle.Shell("cat /deep/er/file; touch /deep/er/folder/x").Good);
        Assert.True(File.Exists(Path.Combine(bundle.Root, "deep/er/file")));
    }

    [Theory]
    [InlineData("rshared", true, true)]
    [InlineData("rslave", true, false)]
    [InlineData("rprivate", false, false)]
    public void Propagation_goes_where_it_was_asked_to_go(string mode, bool fromHost, bool toHost)
    {
        using var bundle = new Bundle();
        using var host = new HostMount(Path.Combine(bundle.Folder, "host"), "tmpfs", "--make-shared");
        Directory.CreateDirectory(Path.Combine(host.Path, "in"));
        Directory.CreateDirectory(Path.Combine(host.Path, "out"));
        bundle.AddMount("/vol", "bind", host.Path, "rbind", mode);
        bundle.Process = bundle.Process with
        {
            Capabilities = new SpecCapabilities { Bounding = ["CAP_SYS_ADMIN"], Effective = ["CAP_SYS_ADMIN"], Permitted = ["CAP_SYS_ADMIN"] },
        };
        bundle.StartSleeping();
        using var inside = new HostMount(Path.Combine(host.Path, "in"), "tmpfs");
        File.WriteAllText(Path.Combine(inside.Path, "seen"), "");
        Assert.Equal(fromHost, bundle.Exec(bundle.Id, "test", "-e", "/vol/in/seen").Code == 0);
        _ = bundle.Exec(bundle.Id, "mount", "-t", "tmpfs", "tmpfs", "/vol/out").Good;
        Assert.Equal(toHost, File.ReadLines("/proc/self/mountinfo").Any(line => line.Contains(host.Path + "/out", StringComparison.Ordinal)));
        bundle.Verb("delete", "--force", bundle.Id);
        if (toHost)
            HostMount.Unmount(Path.Combine(host.Path, "out"));
    }

    [Fact]
    public void A_tmpfs_copies_up_and_keeps_the_mode()
    {
        using var bundle = new Bundle();
        string folder = Path.Combine(bundle.Root, "data");
        Directory.CreateDirectory(Path.Combine(folder, "sub"), (UnixFileMode)0x1C0);
        File.SetUnixFileMode(folder, (UnixFileMode)0x3E8);
        File.WriteAllText(Path.Combine(folder, "sub/file"), "text");
        File.SetUnixFileMode(Path.Combine(folder, "sub/file"), (UnixFileMode)0x9ED);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), "sub/file");
        bundle.AddMount("/data", "tmpfs", "tmpfs", "tmpcopyup", "ro");
        Assert.Equal(
            ["1750", "700", "4755", "text"],
            bundle.Shell("stat -c %a /data /data/sub /data/sub/file; cat /data/link; touch /data/x 2>/dev/null && echo writable; true").Lines);
    }

    /// <summary>The mount point that the first start made says to the second what the first one found.</summary>
    [Fact]
    public void A_tmpfs_has_the_same_mode_at_every_start()
    {
        using var bundle = new Bundle();
        bundle.AddMount("/new/one", "tmpfs", "tmpfs");
        Assert.Equal(["1777"], bundle.Shell("stat -c %a /new/one").Lines);
        Assert.Equal(["1777"], bundle.Shell("stat -c %a /new/one").Lines);
    }

    [Theory]
    [InlineData("bind", "folder", "/file")]
    [InlineData("bind", "file", "/folder")]
    [InlineData("tmpfs", "tmpfs", "/file")]
    public void A_folder_on_a_file_is_called_that(string type, string source, string destination)
    {
        using var bundle = new Bundle();
        Directory.CreateDirectory(Path.Combine(bundle.Folder, "folder"));
        Directory.CreateDirectory(Path.Combine(bundle.Root, "folder"));
        File.WriteAllText(Path.Combine(bundle.Folder, "file"), "");
        File.WriteAllText(Path.Combine(bundle.Root, "file"), "");
        if (type == "bind")
            bundle.AddMount(destination, type, source, "rbind");
        else
            bundle.AddMount(destination, type, source);
        var result = bundle.Shell("true");
        Assert.NotEqual(0, result.Code);
        Assert.Contains("not a directory", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tmpfs_where_nothing_was_is_for_everybody()
    {
        using var bundle = new Bundle();
        bundle.AddMount("/new/one", "tmpfs", "tmpfs");
        bundle.AddMount("/etc", "tmpfs", "tmpfs");
        bundle.AddMount("/other", "tmpfs", "tmpfs", "mode=700");
        Assert.Equal(["1777", "755", "700"], bundle.Shell("stat -c %a /new/one /etc /other").Lines);
    }

    [Fact]
    public void Paths_are_masked_and_read_only()
    {
        using var bundle = new Bundle();
        Directory.CreateDirectory(Path.Combine(bundle.Root, "secret"));
        File.WriteAllText(Path.Combine(bundle.Root, "secret/a"), "a");
        File.WriteAllText(Path.Combine(bundle.Root, "etc/secret"), "b");
        bundle.Linux = bundle.Linux with
        {
            MaskedPaths = ["/secret", "/etc/secret", "/proc/keys", "/nosuch", "/etc/passwd/x"],
            ReadonlyPaths = ["/proc/sys", "/tmp", "/nosuch"],
        };
        var outcome = bundle.Shell("ls /secret | wc -l; cat /etc/secret /proc/keys; touch /secret/x; touch /tmp/x; echo 1 > /proc/sys/kernel/shmmni; echo end");
        Assert.Equal("0\nend\n", outcome.Good);
        Assert.Equal(3, outcome.Error.Split("Read-only file system").Length - 1);
    }

    [Fact]
    public void A_read_only_root_with_writable_tmpfs()
    {
        using var bundle = new Bundle();
        bundle.Spec = bundle.Spec with { Root = new SpecRoot { Path = "rootfs", Readonly = true } };
        bundle.AddMount("/tmp", "tmpfs", "tmpfs");
        Assert.Equal("ok\n", bundle.Shell("touch /x 2>/dev/null && echo bad; touch /tmp/x && echo ok").Good);
    }

    [Theory]
    [InlineData("fsconfig")]
    [InlineData("mount")]
    public void An_overlay_of_128_layers_is_the_root_in_both_ways(string way)
    {
        using var bundle = new Bundle();
        var layers = new List<string>();
        for (int i = 0; i < 127; i++)
        {
            // Names as long as a layer's: in one page of options they would not fit.
            string layer = Path.Combine(bundle.Folder, $"layer-{i:d64}");
            Directory.CreateDirectory(layer);
            File.WriteAllText(Path.Combine(layer, "top"), $"{i}");
            layers.Add(layer);
        }

        layers.Add(Path.Combine(bundle.Folder, "bottom"));
        Directory.Move(bundle.Root, layers[^1]);
        foreach (string folder in (string[])["rootfs", "upper", "work"])
            Directory.CreateDirectory(Path.Combine(bundle.Folder, folder));
        string mount = $"type=overlay,lowerdir={string.Join(':', layers)},upperdir={bundle.Folder}/upper,workdir={bundle.Folder}/work";
        Assert.Equal("0/\n", bundle.Shell("cat /top; pwd; touch /new", "--overlay", way, "--rootfs", mount).Good);
        Assert.True(File.Exists(Path.Combine(bundle.Folder, "upper/new")));
        Assert.Empty(Directory.GetFileSystemEntries(bundle.Root));
    }

    [Fact]
    public void The_kernels_reason_for_a_refused_mount_is_told()
    {
        using var bundle = new Bundle();
        bundle.AddMount("/x", "tmpfs", "tmpfs", "nosuchoption=1");
        var outcome = bundle.Run();
        Assert.Equal(1, outcome.Code);
        Assert.Contains("nosuchoption", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Devices_are_made_and_others_are_not()
    {
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with { Devices = [new SpecDevice { Path = "/dev/mine", Type = "c", Major = 1, Minor = 5, FileMode = 0x1A0, Uid = 3, Gid = 4 }] };
        string[] lines = bundle.Shell("stat -c '%n %a %u:%g %t:%T' /dev/mine /dev/null /dev/tty; readlink /dev/fd; readlink /dev/ptmx; head -c 1 /dev/zero | wc -c; ls /dev").Lines;
        Assert.Equal(["/dev/mine 640 3:4 1:5", "/dev/null 666 0:0 1:3", "/dev/tty 666 0:0 5:0", "/proc/self/fd", "pts/ptmx", "1"], lines[..6]);
        Assert.DoesNotContain("kmsg", lines);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Cgroups_are_shown_with_and_without_their_namespace(bool ownNamespace)
    {
        Assert.SkipUnless(File.Exists("/sys/fs/cgroup/pids/tasks"), "the host has no cgroup v1");
        using var bundle = new Bundle();
        if (!ownNamespace)
            bundle.Linux = bundle.Linux with { Namespaces = [.. bundle.Linux.Namespaces!.Where(n => n.Type != "cgroup")] };
        bundle.AddMount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "relatime", "ro");
        string[] lines = bundle.Shell("grep -c . /sys/fs/cgroup/pids/tasks; mkdir /sys/fs/cgroup/pids/x 2>/dev/null && echo writable; grep :pids: /proc/self/cgroup").Lines;
        Assert.Equal(2, lines.Length);
        Assert.EndsWith(ownNamespace ? ":pids:/" : $":pids:/{CgroupParents.Name}/{bundle.Id}", lines[1], StringComparison.Ordinal);
    }
}
