using Hafen.Oci;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Overlay;

public sealed class SnapshotTests
{
    [Fact]
    public async Task A_snapshot_shows_the_image_and_the_mount_points_and_nothing_counts_as_changed()
    {
        await using LayerFixture fixture = new();
        var chainId = await fixture.ApplyAsync(new TarBuilder().Folder("./", 0x1E8, 3, 4).Folder("etc", 0x1C0, 5, 6).File("etc/hostname", "image's").Build());
        string root = fixture.Mount(chainId);
        Assert.Equal("755 0 0\n700 5 6\n", Shell.Run("stat", "-c", "%a %u %g", root, $"{root}/etc"));
        Assert.Equal("image's", File.ReadAllText($"{root}/etc/hostname"));
        Assert.Equal("/proc/mounts", new FileInfo($"{root}/etc/mtab").LinkTarget);
        foreach (string path in (string[])[".dockerenv", "dev/console", "dev/pts", "dev/shm", "etc/hosts", "etc/resolv.conf", "proc", "sys"])
            Assert.True(Path.Exists($"{root}/{path}"), path);
        string key = fixture.Snapshotter.Keys().Single();
        Assert.Equal(0, fixture.Snapshotter.Usage(key));
        Assert.Equal("", Shell.Run("ls", "-A", fixture.Snapshotter.Describe(key)["UpperDir"]));

        File.WriteAllText($"{root}/new", "1234");
        Assert.Equal(4, fixture.Snapshotter.Usage(key));
    }

    [Fact]
    public async Task A_scratch_image_has_the_mount_points()
    {
        await using LayerFixture fixture = new();
        Assert.Equal(".dockerenv dev etc proc sys ", Shell.Script("ls -A | tr '\\n' ' '", fixture.Mount(null)));
    }

    [Fact]
    public async Task A_kept_snapshot_survives_and_a_removed_one_is_gone()
    {
        await using LayerFixture fixture = new();
        var chainId = await fixture.ApplyAsync(new TarBuilder().File("a").Build());
        fixture.Snapshotter.Prepare("kept", chainId, keep: true);
        string root = fixture.MountSnapshot("kept");
        File.WriteAllText($"{root}/written", "data");
        fixture.Unmount(root);
        fixture.Snapshotter.Prepare("gone", chainId, keep: false);
        fixture.Snapshotter.Remove("gone");

        await fixture.ReopenAsync();
        Assert.Equal(["kept"], fixture.Snapshotter.Keys());
        Assert.DoesNotContain("volatile", fixture.Snapshotter.Mounts("kept")[0].Options!);
        Assert.Equal("data", File.ReadAllText($"{fixture.MountSnapshot("kept")}/written"));
        Assert.Throws<KeyNotFoundException>(() => fixture.Snapshotter.Mounts("gone"));
        fixture.Snapshotter.Remove("gone");
        await fixture.SettleAsync();
        Assert.Equal("kept", Shell.Run("ls", $"{fixture.Root}/snapshots").Trim());
    }

    [Fact]
    public async Task A_volatile_snapshot_can_be_mounted_again_after_a_kill()
    {
        await using LayerFixture fixture = new();
        fixture.Snapshotter.Prepare("rm", null, keep: false);
        Assert.Contains("volatile", fixture.Snapshotter.Mounts("rm")[0].Options!);
        string first = fixture.MountSnapshot("rm");
        File.WriteAllText($"{first}/file", "x");
        fixture.Unmount(first);
        // The mark of a volatile mount stays, whether it was unmounted in order or not.
        Assert.Equal("x", File.ReadAllText($"{fixture.MountSnapshot("rm")}/file"));
        await fixture.ReopenAsync();
        Assert.Equal(["rm"], fixture.Snapshotter.Keys());
    }

    [Fact]
    public async Task Snapshots_need_a_name_of_their_own_and_a_layer_that_is_there()
    {
        await using LayerFixture fixture = new();
        fixture.Snapshotter.Prepare("one", null, keep: false);
        Assert.Throws<InvalidOperationException>(() => fixture.Snapshotter.Prepare("one", null, keep: false));
        Assert.Throws<KeyNotFoundException>(() => fixture.Snapshotter.Prepare("two", Digest.OfSha256("no"u8), keep: false));
        foreach (string key in (string[])["", ".", "..", "a/b"])
            Assert.Throws<ArgumentException>(() => fixture.Snapshotter.Prepare(key, null, keep: false));
        Assert.Equal(["one"], fixture.Snapshotter.Keys());
    }

    [Theory]
    [InlineData("/tmp/with:colon")]
    [InlineData("/tmp/with,comma")]
    public void Roots_that_overlayfs_cannot_name_are_refused(string root)
        => Assert.Throws<ArgumentException>(() => Hafen.Snapshots.Overlay.OverlaySnapshotter.Open(root));

    [Fact]
    public void A_data_folder_on_an_overlay_is_refused_with_a_reason()
    {
        using TemporaryFolder folder = new();
        Shell.Script("mkdir lower upper work merged; mount -t overlay -o lowerdir=lower,upperdir=upper,workdir=work overlay merged", folder.Path);
        try
        {
            var error = Assert.Throws<PlatformNotSupportedException>(() => Hafen.Snapshots.Overlay.OverlaySnapshotter.Open($"{folder.Path}/merged/root"));
            Assert.Contains("not on another overlay", error.Message, StringComparison.Ordinal);
        }
        finally
        {
            Shell.Run("umount", "-l", $"{folder.Path}/merged");
        }
    }
}
