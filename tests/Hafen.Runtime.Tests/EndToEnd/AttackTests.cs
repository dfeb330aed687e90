using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;
using Hafen.Oci.Runtime;

namespace Hafen.Runtime.Tests.EndToEnd;

/// <summary>One test a class of attack that has broken runtimes: the image's links must not lead the runtime out of the root.</summary>
public class AttackTests
{
    [Fact]
    public void Mount_points_behind_links_stay_in_the_root()
    {
        using var bundle = new Bundle();
        string target = Path.Combine(bundle.Folder, "outside");
        Directory.CreateDirectory(target);
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "absolute"), target);
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "relative"), "../../../../../../../../../.." + target);
        bundle.AddMount("/absolute/made", "tmpfs", "tmpfs");
        bundle.AddMount("/relative/too", "tmpfs", "tmpfs");
        _ = bundle.Shell("true").Good;
        Assert.Empty(Directory.GetFileSystemEntries(target));
        Assert.True(Directory.Exists(bundle.Root + target + "/made"));
    }

    [Theory]
    [InlineData("proc")]
    [InlineData("sys")]
    public void Proc_and_sysfs_do_not_follow_a_link(string name)
    {
        using var bundle = new Bundle();
        Directory.Delete(Path.Combine(bundle.Root, name));
        File.CreateSymbolicLink(Path.Combine(bundle.Root, name), "/tmp");
        Assert.Contains("must be mounted on ordinary directory", bundle.Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_does_not_lead_a_volume_over_proc()
    {
        using var bundle = new Bundle();
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "vol"), "/proc/sys");
        Directory.CreateDirectory(Path.Combine(bundle.Folder, "fake"));
        bundle.AddMount("/vol", "bind", Path.Combine(bundle.Folder, "fake"), "rbind");
        var outcome = bundle.Run();
        Assert.Equal(1, outcome.Code);
        Assert.Contains("not on the file system it should be", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_link_in_a_volume_does_not_lead_out_of_it()
    {
        using var bundle = new Bundle();
        string volume = Path.Combine(bundle.Folder, "volume");
        Directory.CreateDirectory(Path.Combine(volume, "inner"));
        File.WriteAllText(Path.Combine(volume, "inner/file"), "inside\n");
        File.CreateSymbolicLink(Path.Combine(volume, "good"), "inner");
        File.CreateSymbolicLink(Path.Combine(volume, "absolute"), "/etc");
        File.CreateSymbolicLink(Path.Combine(volume, "relative"), "inner/../..");
        var plain = bundle.Spec;
        bundle.AddMount("/x", "bind", volume + "/good", "rbind", "beneath=" + volume);
        Assert.Equal("inside\n", bundle.Shell("cat /x/file").Good);
        foreach (string way in (string[])["absolute", "relative", "absolute/ssl"])
        {
            bundle.Spec = plain;
            bundle.AddMount("/x", "bind", $"{volume}/{way}", "rbind", "beneath=" + volume);
            var outcome = bundle.Shell("ls /x");
            Assert.Equal((1, ""), (outcome.Code, outcome.Output));
            Assert.Contains($"error mounting \"{volume}/{way}\"", outcome.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_volume_does_not_stand_in_for_proc()
    {
        using var bundle = new Bundle();
        string fake = Path.Combine(bundle.Folder, "fake");
        Directory.CreateDirectory(fake);
        bundle.Spec = bundle.Spec with { Mounts = [new SpecMount { Destination = "/proc", Type = "bind", Source = fake, Options = ["rbind"] }] };
        Assert.Equal(1, bundle.Run().Code);
    }

    [Fact]
    public void A_console_that_is_a_link_is_refused()
    {
        using var bundle = new Bundle();
        bundle.Spec = bundle.Spec with { Mounts = [.. bundle.Spec.Mounts!.Where(mount => mount.Destination != "/dev")] };
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "dev/console"), "/etc/passwd");
        bundle.Process = bundle.Process with { Terminal = true };
        bundle.Save();
        var outcome = NativeRuntime.Start("/usr/bin/script", bundle.Folder, null, "-qec", $"{NativeRuntime.Executable} --root {bundle.States} run {bundle.Id} 2>{bundle.Folder}/error", "/dev/null");
        Assert.Equal(1, outcome.Code);
        Assert.Contains("/dev/console", File.ReadAllText(Path.Combine(bundle.Folder, "error")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_poses_as_a_device_is_refused()
    {
        using var bundle = new Bundle();
        bundle.Spec = bundle.Spec with { Mounts = [.. bundle.Spec.Mounts!.Where(mount => mount.Destination != "/dev")] };
        File.WriteAllText(Path.Combine(bundle.Root, "dev/null"), "");
        Assert.Contains("make device /dev/null: file exists", bundle.Run().Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_swapped_for_a_link_meanwhile_leads_nowhere_else()
    {
        using var bundle = new Bundle();
        string outside = Path.Combine(bundle.Folder, "outside");
        Directory.CreateDirectory(outside);
        string victim = Path.Combine(bundle.Root, "a");
        string other = Path.Combine(bundle.Root, "b");
        Directory.CreateDirectory(Path.Combine(victim, "c"));
        File.CreateSymbolicLink(other, outside);
        using var stop = new CancellationTokenSource();
        var swapper = new Thread(() =>
        {
            while (!stop.IsCancellationRequested)
                Exchange(victim, other);
        });
        swapper.Start();
        try
        {
            for (int i = 0; i < 10; i++)
                bundle.AddMount($"/a/c{i}", "tmpfs", "tmpfs");
            for (int i = 0; i < 20; i++)
                bundle.Run();
        }
        finally
        {
            stop.Cancel();
            swapper.Join();
        }

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    private static unsafe void Exchange(string left, string right)
    {
        const int RENAME_EXCHANGE = 2;
        fixed (byte* first = Encoding.UTF8.GetBytes(left + '\0'), second = Encoding.UTF8.GetBytes(right + '\0'))
            SystemCall.Call(SystemCall.renameat2, OpenFlags.AT_FDCWD, (nint)first, OpenFlags.AT_FDCWD, (nint)second, RENAME_EXCHANGE);
    }

    [Fact]
    public void The_runtimes_executable_cannot_be_written_from_inside()
    {
        // A hook sees its parent, init, as it is before execve: with the runtime's executable.
        using var bundle = new Bundle();
        bundle.Spec = bundle.Spec with
        {
            Hooks = new SpecHooks
            {
                StartContainer =
                [
                    new SpecHook { Path = "/bin/sh", Args = ["sh", "-c", "(exec 3<>/proc/1/exe) 2>&1; dd if=/dev/zero of=/proc/1/exe bs=1 count=1 conv=notrunc 2>&1 || true"] },
                ],
            },
        };
        byte[] before = File.ReadAllBytes(NativeRuntime.Executable);
        string output = bundle.Shell("echo main").Good;
        Assert.True(output.Contains("Read-only file system", StringComparison.Ordinal) || output.Contains("Text file busy", StringComparison.Ordinal)
            || output.Contains("not permitted", StringComparison.Ordinal), output);
        Assert.EndsWith("main\n", output, StringComparison.Ordinal);
        Assert.True(before.AsSpan().SequenceEqual(File.ReadAllBytes(NativeRuntime.Executable)));
    }

    [Fact]
    public void A_masked_path_is_no_handle_on_the_hosts_null_device()
    {
        using var bundle = new Bundle();
        bundle.Linux = bundle.Linux with { MaskedPaths = ["/etc/passwd"] };
        bundle.Process = bundle.Process with
        {
            Capabilities = new SpecCapabilities { Bounding = ["CAP_CHOWN", "CAP_FOWNER"], Permitted = ["CAP_CHOWN", "CAP_FOWNER"], Effective = ["CAP_CHOWN", "CAP_FOWNER"] },
        };
        File.CreateSymbolicLink(Path.Combine(bundle.Root, "bin/chmod"), "busybox");
        var outcome = bundle.Shell("chmod 640 /etc/passwd; echo x > /etc/passwd; echo end");
        Assert.Equal("end\n", outcome.Good);
        Assert.Contains("Read-only file system", outcome.Error, StringComparison.Ordinal);
        Assert.Equal((UnixFileMode)0x1B6, File.GetUnixFileMode("/dev/null"));
    }

    [Fact]
    public void Descriptors_of_the_caller_are_gone_before_the_container_is_prepared()
    {
        using var bundle = new Bundle();
        string log = Path.Combine(bundle.Folder, "log");
        bundle.Spec = bundle.Spec with
        {
            Hooks = new SpecHooks
            {
                Prestart =
                [
                    new SpecHook
                    {
                        Path = "/bin/sh",
                        Args = ["sh", "-c", $"pid=$(sed 's/.*\"pid\":\\([0-9]*\\).*/\\1/'); ls -l /proc/$pid/fd > {log}"],
                        Env = ["PATH=/bin:/usr/bin"],
                    },
                ],
            },
        };
        bundle.Save();
        _ = NativeRuntime.Start("/bin/sh", bundle.Folder, null, "-c",
            $"exec {NativeRuntime.Executable} --root {bundle.States} run {bundle.Id} 3</etc/hostname 7</etc/passwd").Good;
        string open = File.ReadAllText(log);
        Assert.Contains(" 0 -> ", open, StringComparison.Ordinal);
        Assert.DoesNotContain("/etc/", open, StringComparison.Ordinal);
    }

    [Fact]
    public void A_huge_or_odd_passwd_means_the_root_folder_as_home()
    {
        using var bundle = new Bundle();
        using (var passwd = File.CreateText(Path.Combine(bundle.Root, "etc/passwd")))
        {
            for (int i = 0; i < 200_000; i++)
                passwd.Write("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
            passwd.Write("\nroot:x:0:0::/late:\n");
        }

        Assert.Equal("/\n", bundle.Shell("echo $HOME").Good);
        File.WriteAllText(Path.Combine(bundle.Root, "etc/passwd"), "a:x:4294967296:0::/overflow:\nb:x:-0:0::/minus:\nc:x::0::/empty:\nd:x:0:0:g:/right");
        Assert.Equal("/right\n", bundle.Shell("echo $HOME").Good);
    }
}
