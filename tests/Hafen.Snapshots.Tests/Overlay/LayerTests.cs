using System.Text;
using Hafen.Linux;
using Hafen.Oci;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Overlay;

public sealed class LayerTests
{
    [Fact]
    public async Task Attributes_survive_and_the_tar_comes_back_byte_for_byte()
    {
        await using LayerFixture fixture = new();
        Shell.Script(
            """
            mkdir -p tree/dir/sub; cd tree
            echo content > file; chmod 4755 file; chown 1:2 file; touch -d @1000000000.123456789 file
            ln file dir/hard; ln -s ../file dir/soft; mkfifo pipe; mknod null c 1 3; mknod disk b 8 1; chown -h 5:6 dir/soft
            truncate -s 5M sparse; echo end >> sparse
            cp /bin/true ping; setcap cap_net_raw+ep ping; setfattr -n user.note -v text file; setfattr -n trusted.note -v secret dir
            touch "$(printf 'caf\303\251')" "$(printf 'latin\351')"; chmod 1777 dir; chown 7:8 dir; mkdir -m 2755 setgid; echo x > setgid/inside
            touch -d @1100000000 dir/sub dir setgid .
            tar --format=posix --xattrs --xattrs-include='*' --sparse --numeric-owner --sort=name -cf ../a.tar .
            """,
            fixture.Scratch);
        byte[] tar = File.ReadAllBytes(Path.Combine(fixture.Scratch, "a.tar"));
        var chainId = await fixture.ApplyAsync(tar);
        string root = fixture.Mount(chainId);

        Assert.Equal(Listing(Path.Combine(fixture.Scratch, "tree")), Listing(root));
        Assert.Equal(tar, await fixture.DiffAsync(chainId));

        await fixture.ReopenAsync();
        Assert.Equal(tar, await fixture.DiffAsync(chainId));
        Assert.Equal(chainId, fixture.Snapshotter.FindByDiffId(Digest.OfSha256(tar)));
        Assert.Equal(tar.Length, fixture.Snapshotter.TarSize(chainId));
    }

    [Fact]
    public async Task Whiteouts_and_opaque_folders_hide_what_is_below()
    {
        await using LayerFixture fixture = new();
        byte[] lower = new TarBuilder().Folder("a").File("a/gone").File("a/stays", "low").Folder("o").File("o/hidden").Folder("d").File("d/below").File("f").Build();
        byte[] upper = new TarBuilder()
            .Folder("a").File("a/.wh.gone")
            .Folder("o").File("o/.wh..wh..opq").File("o/new")
            .File(".wh.d").Folder("d").File("d/own")
            .File(".wh.f").File("f", "own")
            .File(".wh..wh.aufs", "book-keeping").File(".wh.never-there")
            .Build();
        var chainId = await fixture.ApplyAsync(lower, upper);
        string root = fixture.Mount(chainId);
        string seen = Shell.Script("find a o d f | sort | tr '\\n' ' '", root);
        Assert.Equal("a a/stays d d/own f o o/new ", seen);
        Assert.Equal("own", File.ReadAllText(Path.Combine(root, "f")));
        Assert.Equal(upper, await fixture.DiffAsync(chainId));
    }

    [Fact]
    public async Task What_an_entry_replaces_is_still_in_the_tar()
    {
        await using LayerFixture fixture = new();
        byte[] tar = new TarBuilder()
            .Folder("d").File("d/f", "first").Folder("d/sub").File("d/sub/x", "deep")
            .File("d/f", "second").File("d", "now a file").Folder("d").File("d/f", "third").File("once", "1").File("once", "2").File("once", "3")
            .Link("l", "d").File("l/via", "through a link").File("l", "no link any more")
            .Build();
        var chainId = await fixture.ApplyAsync(tar);
        string root = fixture.Mount(chainId);
        Assert.Equal("d d/f d/via l once ", Shell.Script("find d l once | sort | tr '\\n' ' '", root));
        Assert.Equal("third 3 through a link", $"{File.ReadAllText($"{root}/d/f")} {File.ReadAllText($"{root}/once")} {File.ReadAllText($"{root}/d/via")}");
        Assert.Equal(tar, await fixture.DiffAsync(chainId));
        Assert.Equal("third".Length + 1 + "through a link".Length + "no link any more".Length, fixture.Snapshotter.GetLayer(chainId).Size);
    }

    [Fact]
    public async Task Folders_that_a_layer_only_passes_through_look_as_below()
    {
        await using LayerFixture fixture = new();
        byte[] lower = new TarBuilder().Folder("./", 0x1C9, 1, 2).Folder("srv", 0x1C0, 7, 8).Folder("srv/www", 0x5ED, 33, 34).Build();
        byte[] upper = new TarBuilder().File("srv/www/index", "x").File("new/folder/file").Build();
        string root = fixture.Mount(await fixture.ApplyAsync(lower, upper));
        Assert.Equal("755 0 0\n700 7 8\n2755 33 34\n755 0 0\n", Shell.Run("stat", "-c", "%a %u %g", root, $"{root}/srv", $"{root}/srv/www", $"{root}/new/folder"));
    }

    [Fact]
    public async Task Layers_of_an_image_may_arrive_at_the_same_time()
    {
        await using LayerFixture fixture = new();
        byte[][] layers = [.. Enumerable.Range(0, 8).Select(i => new TarBuilder().Folder("shared").File($"shared/{i}", new string('x', i * 100_000)).Build())];
        var staged = await Task.WhenAll(layers.Select(layer => fixture.Snapshotter.StageAsync(new MemoryStream(layer), default)));
        Digest? parent = null;
        List<LayerPlacement> placements = [];
        foreach (var layer in staged)
        {
            var chainId = parent is null ? layer.DiffId : Digest.OfSha256(Encoding.ASCII.GetBytes($"{parent} {layer.DiffId}"));
            placements.Add(new LayerPlacement(layer, chainId, parent));
            parent = chainId;
        }

        fixture.Snapshotter.Commit(placements);
        Assert.Equal(8, Directory.EnumerateFiles($"{fixture.Mount(parent)}/shared").Count());
    }

    [Fact]
    public async Task A_chain_of_128_layers_fits_into_the_page_of_mount2()
    {
        await using LayerFixture fixture = new();
        byte[][] layers = [.. Enumerable.Range(0, 128).Select(i => new TarBuilder().File($"f{i}").Build())];
        var chainId = await fixture.ApplyAsync(layers);
        fixture.Snapshotter.Prepare("deep", chainId, keep: false);
        // As long as below the usual data folder.
        string options = string.Join(',', fixture.Snapshotter.Mounts("deep")[0].Options!).Replace(fixture.Root, "/var/lib/hafen", StringComparison.Ordinal);
        Assert.True(options.Length < 4096, $"{options.Length} bytes");
    }

    [Fact]
    public async Task Damage_on_the_disk_is_noticed()
    {
        await using LayerFixture fixture = new();
        var chainId = await fixture.ApplyAsync(new TarBuilder().File("a", "content").Build());
        string folder = Directory.EnumerateDirectories($"{fixture.Root}/layers").Single(d => !d.EndsWith("b1", StringComparison.Ordinal));
        File.WriteAllText($"{folder}/a", "c0ntent");
        Assert.Contains("was changed on the disk", (await Assert.ThrowsAsync<LayerException>(() => fixture.DiffAsync(chainId))).Message, StringComparison.Ordinal);
        File.WriteAllText($"{folder}/a", "short");
        await Assert.ThrowsAsync<InvalidDataException>(() => fixture.DiffAsync(chainId));
    }

    [Fact]
    public async Task A_layer_gets_no_name_that_its_bytes_do_not_make()
    {
        await using LayerFixture fixture = new();
        byte[] tar = new TarBuilder().File("a").Build();
        var wrong = Digest.OfSha256("other"u8);
        var error = await Assert.ThrowsAsync<LayerException>(() => fixture.Snapshotter.ApplyAsync(wrong, null, new MemoryStream(tar), default));
        Assert.StartsWith("digest mismatch", error.Message, StringComparison.Ordinal);
        Assert.False(fixture.Snapshotter.HasLayer(wrong));
    }

    [Fact]
    public async Task Layers_in_use_stay()
    {
        await using LayerFixture fixture = new();
        byte[] one = new TarBuilder().File("one").Build(), two = new TarBuilder().File("two").Build();
        var top = await fixture.ApplyAsync(one, two);
        var bottom = Digest.OfSha256(one);
        Assert.Throws<InvalidOperationException>(() => fixture.Snapshotter.RemoveLayer(bottom));
        fixture.Snapshotter.Prepare("user", top, keep: true);
        Assert.Throws<InvalidOperationException>(() => fixture.Snapshotter.RemoveLayer(top));
        Assert.Empty(fixture.Snapshotter.Collect([]));
        fixture.Snapshotter.Remove("user");
        Assert.Empty(fixture.Snapshotter.Collect([top]));
        Assert.Equal([top, bottom], fixture.Snapshotter.Collect([]));
        Assert.False(fixture.Snapshotter.HasLayer(bottom));
    }

    [Fact]
    public async Task A_layer_under_a_lease_stays()
    {
        await using LayerFixture fixture = new();
        byte[] one = new TarBuilder().File("one").Build();
        var top = await fixture.ApplyAsync(one, new TarBuilder().File("two").Build());
        Assert.Null(fixture.Snapshotter.Hold(Digest.OfSha256("none"u8)));
        var first = fixture.Snapshotter.Hold(top)!;
        var second = fixture.Snapshotter.Hold(top)!;
        Assert.Empty(fixture.Snapshotter.Collect([]));
        first.Dispose();
        first.Dispose();
        Assert.Empty(fixture.Snapshotter.Collect([]));
        Assert.Throws<InvalidOperationException>(() => fixture.Snapshotter.RemoveLayer(top));
        second.Dispose();
        Assert.Equal([top, Digest.OfSha256(one)], fixture.Snapshotter.Collect([]));
    }

    [Fact]
    public async Task Layers_tell_their_folders()
    {
        await using LayerFixture fixture = new();
        byte[] one = new TarBuilder().File("one").Build();
        var top = await fixture.ApplyAsync(one, new TarBuilder().File("two").Build());
        var bottom = fixture.Snapshotter.DescribeLayer(Digest.OfSha256(one));
        Assert.True(File.Exists($"{bottom["UpperDir"]}/one"));
        Assert.False(bottom.ContainsKey("LowerDir"));
        var both = fixture.Snapshotter.DescribeLayer(top);
        Assert.True(File.Exists($"{both["UpperDir"]}/two"));
        Assert.Equal(bottom["UpperDir"], both["LowerDir"]);
        Assert.Equal(["LowerDir", "MergedDir", "UpperDir", "WorkDir"], both.Keys.Order());
    }

    /// <summary>Zeros behind the end, and content nobody asked for, are part of the tar but of no file; a bomb of them must not end in memory.</summary>
    [Fact]
    public async Task Long_runs_without_files_come_back_byte_for_byte()
    {
        await using LayerFixture fixture = new();
        TarBuilder tar = new();
        for (int i = 0; i < 2000; i++)
            tar.Folder($"folder{i}");
        tar.Entry("folder1/.wh.gone", '0', new byte[300_000]).File("file", "content").Folder("more");
        byte[] bytes = tar.Raw(new byte[3_000_000]).Build();
        var chainId = await fixture.ApplyAsync(bytes);
        Assert.Equal(bytes, await fixture.DiffAsync(chainId));
    }

    [Fact]
    public async Task A_record_that_cannot_be_understood_costs_its_layer_only()
    {
        await using LayerFixture fixture = new();
        byte[] one = new TarBuilder().File("one").Build(), two = new TarBuilder().File("two").Build();
        var broken = await fixture.ApplyAsync(one);
        var whole = await fixture.ApplyAsync(two);
        string record = $"{fixture.Root}/chains/{broken.Hex}/layer.json";
        File.WriteAllText(record, File.ReadAllText(record).Replace("sha256:", "sha999:", StringComparison.Ordinal));
        await fixture.ReopenAsync();
        Assert.False(fixture.Snapshotter.HasLayer(broken));
        Assert.True(fixture.Snapshotter.HasLayer(whole));
    }

    /// <summary>As the first release has written it.</summary>
    [Fact]
    public async Task A_record_without_a_version_is_read()
    {
        await using LayerFixture fixture = new();
        byte[] tar = new TarBuilder().File("one", "content").Build();
        var chainId = await fixture.ApplyAsync(tar);
        string path = $"{fixture.Root}/chains/{chainId.Hex}/layer.json";
        string folder = Path.GetFileName(fixture.Snapshotter.DescribeLayer(chainId)["UpperDir"]);
        Assert.StartsWith("{\n  \"version\": 1,\n", File.ReadAllText(path), StringComparison.Ordinal);
        File.WriteAllText(path, $"{{\n  \"folder\": \"{folder}\",\n  \"diffId\": \"{chainId}\",\n  \"size\": 7,\n  \"tarSize\": {tar.Length}\n}}");
        await fixture.ReopenAsync();
        Assert.Equal((7L, (long)tar.Length), (fixture.Snapshotter.GetLayer(chainId).Size, fixture.Snapshotter.TarSize(chainId)));
        Assert.Equal(tar, await fixture.DiffAsync(chainId));
    }

    [Fact]
    public async Task A_layer_of_a_newer_release_stays_with_those_above_and_below_it()
    {
        await using LayerFixture fixture = new();
        byte[] one = new TarBuilder().File("one").Build(), two = new TarBuilder().File("two").Build(), three = new TarBuilder().File("three").Build();
        var top = await fixture.ApplyAsync(one, two, three, new TarBuilder().File("four").Build());
        var above = fixture.Snapshotter.GetLayer(top).Parent!.Value;
        var newer = fixture.Snapshotter.GetLayer(above).Parent!.Value;
        var below = fixture.Snapshotter.GetLayer(newer).Parent!.Value;
        string path = $"{fixture.Root}/chains/{newer.Hex}/layer.json", record = File.ReadAllText(path);
        File.WriteAllText(path, "{\"version\":2,\"folders\":[]}");
        string before = Shell.Script("find layers chains | sort | grep -v unsynced", fixture.Root);

        await fixture.ReopenAsync();
        Assert.Equal([$"{path} has version 2 of its format, and this release knows none newer than 1: it is left alone"], fixture.Snapshotter.LeftAlone);
        Assert.Equal([true, false, false, false], new[] { below, newer, above, top }.Select(fixture.Snapshotter.HasLayer));
        Assert.Empty(fixture.Snapshotter.Collect([]));
        Assert.Throws<InvalidOperationException>(() => fixture.Snapshotter.RemoveLayer(below));
        await fixture.SettleAsync();
        Assert.Equal(before, Shell.Script("find layers chains | sort | grep -v unsynced", fixture.Root));

        // The newer release finds what it left.
        File.WriteAllText(path, record);
        await fixture.ReopenAsync();
        Assert.Equal([true, true, true, true], new[] { below, newer, above, top }.Select(fixture.Snapshotter.HasLayer));
    }

    [Fact]
    public async Task A_layer_is_marked_until_it_is_on_the_disk()
    {
        await using LayerFixture fixture = new();
        var chainId = await fixture.ApplyAsync(new TarBuilder().File("one").Build());
        string mark = $"{fixture.Root}/chains/{chainId.Hex}/unsynced";
        Assert.Equal(File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim(), File.ReadAllText(mark));
        // A daemon that ends before that leaves it to the next one.
        await fixture.ReopenAsync();
        Assert.True(fixture.Snapshotter.HasLayer(chainId));
        for (int i = 0; i < 3000 && File.Exists(mark); i++)
            await Task.Delay(10);
        Assert.False(File.Exists(mark));
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("truncate -s 0 {0}/file", false)]
    [InlineData("rm {0}/file", false)]
    [InlineData("truncate -s 20 {1}/tar.recipe", false)]
    [InlineData("truncate -s 0 {1}/layer.json", false)]
    public async Task After_a_power_cut_a_layer_is_whole_or_gone_and_those_above_with_it(string damage, bool stays)
    {
        await using LayerFixture fixture = new();
        byte[] below = new TarBuilder().File("other", "content").Build(), damaged = new TarBuilder().File("file", "content").Build();
        var bottom = await fixture.ApplyAsync(below);
        var top = await fixture.ApplyAsync(below, damaged, new TarBuilder().File("above").Build());
        var middle = fixture.Snapshotter.GetLayer(top).Parent!.Value;
        Shell.Script(string.Format(damage, fixture.Snapshotter.DescribeLayer(middle)["UpperDir"], $"{fixture.Root}/chains/{middle.Hex}"));
        foreach (var layer in new[] { bottom, middle, top })
            File.WriteAllText($"{fixture.Root}/chains/{layer.Hex}/unsynced", "the boot before");

        await fixture.ReopenAsync();
        Assert.Equal((true, stays, stays), (fixture.Snapshotter.HasLayer(bottom), fixture.Snapshotter.HasLayer(middle), fixture.Snapshotter.HasLayer(top)));
    }

    [Fact]
    public async Task What_a_crash_leaves_goes_at_open()
    {
        await using LayerFixture fixture = new();
        byte[] one = new TarBuilder().File("one").Build();
        var chainId = await fixture.ApplyAsync(one, new TarBuilder().File("two").Build());
        Directory.CreateDirectory($"{fixture.Root}/layers/zz/half");
        Directory.CreateDirectory($"{fixture.Root}/staging/zz/replaced");
        Directory.CreateDirectory($"{fixture.Root}/snapshots/half/fs");
        Directory.CreateDirectory($"{fixture.Root}/trash/1/x");
        Directory.CreateDirectory($"{fixture.Root}/chains/{new string('0', 64)}");
        // A lower layer without its files takes the ones above along.
        string record = File.ReadAllText($"{fixture.Root}/chains/{Digest.OfSha256(one).Hex}/layer.json");
        string folder = record.Split("\"folder\": \"")[1].Split('"')[0];
        Directory.Delete($"{fixture.Root}/layers/{folder}", recursive: true);

        await fixture.ReopenAsync();
        await fixture.SettleAsync();
        Assert.False(fixture.Snapshotter.HasLayer(chainId));
        Assert.Equal("b1", Shell.Script("ls -A layers staging/* snapshots trash chains 2>/dev/null | grep -v ':$' | tr -d '\\n' || true", fixture.Root));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_nothing()
    {
        await using LayerFixture fixture = new();
        string small = $"{fixture.Scratch}/small";
        Directory.CreateDirectory(small);
        Shell.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small);
        try
        {
            await using var snapshotter = Hafen.Snapshots.Overlay.OverlaySnapshotter.Open(small);
            byte[] tar = new TarBuilder().File("big", new string('x', 3_000_000)).Build();
            var error = await Assert.ThrowsAsync<LinuxException>(() => snapshotter.ApplyAsync(Digest.OfSha256(tar), null, new MemoryStream(tar), default));
            Assert.Equal(Errno.ENOSPC, error.Number);
            Assert.False(snapshotter.HasLayer(Digest.OfSha256(tar)));
            byte[] little = new TarBuilder().File("little").Build();
            for (int i = 0; i < 6000 && Directory.EnumerateFileSystemEntries($"{small}/trash").Any(); i++)
                await Task.Delay(10);
            await snapshotter.ApplyAsync(Digest.OfSha256(little), null, new MemoryStream(little), default);
        }
        finally
        {
            Shell.Run("umount", "-l", small);
        }
    }

    [Fact]
    public async Task A_source_that_fails_or_is_cancelled_leaves_nothing()
    {
        await using LayerFixture fixture = new();
        using CancellationTokenSource cancel = new();
        byte[] tar = new TarBuilder().File("a", new string('x', 3_000_000)).Build();
        var applying = fixture.Snapshotter.ApplyAsync(Digest.OfSha256(tar), null, new StallingStream(tar[..2_000_000]), cancel.Token);
        await Task.Delay(50);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => applying);
        await fixture.SettleAsync();
        Assert.Equal("b1", Shell.Script("ls -A layers staging chains | grep -v ':$' | tr -d '\\n'", fixture.Root));
    }

    private static string Listing(string root)
    {
        // Everything but the mount points that a container's root has in addition.
        string find = "find . -mindepth 1 \\( -path ./dev -o -path ./etc -o -path ./proc -o -path ./sys -o -path ./.dockerenv \\) -prune -o -printf ";
        return Shell.Script(
            $$"""
            export LC_ALL=C
            {{find}} '%p %y %m %U %G %T@ %l %n\n' | sort
            stat -c '%n %t %T' null disk
            {{find}} '%p\0' | sort -z | xargs -0 getfattr -h -d -m '^(user|security|trusted.note)' -e hex
            test $(stat -c %b sparse) -lt 100 && echo sparse
            cat file; sha256sum sparse ping
            """,
            root);
    }

    private sealed class StallingStream(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await base.ReadAsync(buffer, cancellationToken);
            if (count == 0)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return count;
        }
    }
}
