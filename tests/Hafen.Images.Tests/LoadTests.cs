using System.Text;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tests;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Images.Tests;

public sealed class LoadTests
{
    private static readonly byte[] s_one = TestImages.LayerOne, s_two = TestImages.LayerTwo, s_empty = TestImages.Empty;

    [Fact]
    public async Task A_docker_archive_gives_its_image_with_the_configurations_own_bytes()
    {
        await using var store = StoreFixture.Open();
        byte[] config = TestImages.Config(s_one, s_two);
        var result = await store.LoadAsync(TestImages.DockerArchive(["app:1", "registry.example:5000/app:2"], config, s_one, s_two));
        Assert.Equal(["app:1", "registry.example:5000/app:2"], result.References);
        var image = Assert.Single(result.Images);
        Assert.Equal(Digest.OfSha256(config), image.Id);
        Assert.Equal(config, store.Content.Read(image.Id));
        Assert.Equal("shell".Length + "one".Length + "two".Length, image.Size);
        Assert.Equal(["A=b"], image.Config.Config!.Env!);
        Assert.Null(image.LastTagged);
        Assert.Equal("2024-01-02T03:04:05.678901234Z", image.Config.CreatedText);
        Assert.Equal(image.Id, store.Images.Find("app:1")!.Id);
        Assert.Equal(image.Id, store.Images.Find(image.Id.Hex[..6])!.Id);
        Assert.Null(store.Images.Find("app"));
    }

    [Theory]
    [InlineData("plain", "none")]
    [InlineData("plain", "gzip")]
    [InlineData("plain", "zstd")]
    [InlineData("gzip", "gzip")]
    [InlineData("plain", "xz")]
    [InlineData("plain", "bzip2")]
    [InlineData("zstd", "none")]
    [InlineData("xz", "gzip")]
    [InlineData("bzip2", "none")]
    [InlineData("xz", "xz")]
    public async Task An_oci_archive_may_be_compressed_as_a_whole_and_by_the_layer(string whole, string layers)
    {
        await using var store = StoreFixture.Open();
        byte[][] blobs = [.. new[] { s_one, s_two }.Select(l => Compress(l, layers))];
        byte[] archive = Compress(TestImages.OciArchive("example/app:1", TestImages.Config(s_one, s_two), blobs), whole == "plain" ? "none" : whole);
        var result = await store.LoadAsync(archive);
        Assert.Equal(["example/app:1"], result.References);
        MemoryStream diff = new();
        await store.Layers.WriteDiffAsync(result.Images[0].TopLayer!.Value, diff, default);
        Assert.Equal(s_two, diff.ToArray());
    }

    [Fact]
    public async Task The_manifest_for_this_machine_is_chosen_in_nested_indexes()
    {
        await using var store = StoreFixture.Open();
        const string ManifestType = "application/vnd.oci.image.manifest.v1+json";
        byte[] config = TestImages.Config(s_one), other = TestImages.Config(s_two);
        byte[] manifest = TestImages.Manifest(config, s_one), otherManifest = TestImages.Manifest(other, s_two);
        byte[] attestation = TestImages.Manifest(other);
        byte[] nested = TestImages.Index(
            (attestation, ManifestType, null, new { os = "unknown", architecture = "unknown" }),
            (otherManifest, ManifestType, null, new { os = "linux", architecture = "mips" }),
            (manifest, ManifestType, null, new { os = "linux", architecture = HostPlatform.Architecture }));
        byte[] index = TestImages.Index((nested, "application/vnd.oci.image.index.v1+json", "app:multi", null));
        // Other platforms' layers may be left out.
        var result = await store.LoadAsync(TestImages.OciLayout(index, nested, manifest, config, s_one, otherManifest, attestation));
        Assert.Equal(Digest.OfSha256(config), Assert.Single(result.Images).Id);
        Assert.Equal(["app:multi"], result.References);
    }

    [Fact]
    public async Task An_archive_of_the_first_format_is_made_an_image_of_today()
    {
        await using var store = StoreFixture.Open();
        var result = await store.LoadAsync(TestImages.LegacyArchive());
        Assert.Equal(["old/image:v1"], result.References);
        var image = result.Images[0];
        Assert.Equal(3, image.Config.Rootfs!.DiffIds.Length);
        Assert.Equal(["/bin/sh -c one", "", ""], image.Config.History!.Select(h => h.CreatedBy));
        Assert.Equal(["/bin/sh"], image.Config.Config!.Cmd!);
    }

    [Fact]
    public async Task The_same_layer_may_come_several_times_in_one_chain_and_in_others()
    {
        await using var store = StoreFixture.Open();
        byte[] first = TestImages.Config(s_empty, s_one, s_empty, s_one), second = TestImages.Config(s_two, s_one);
        await store.LoadAsync(TestImages.DockerArchive(["a:1"], first, s_empty, s_one, s_empty, s_one));
        await store.LoadAsync(TestImages.OciArchive("b:1", second, s_two, s_one));
        byte[] both = await store.SaveAsync("a:1", "b:1");

        await using var other = StoreFixture.Open();
        var result = await other.LoadAsync(both);
        Assert.Equal(["a:1", "b:1"], result.References);
        Assert.Equal([Digest.OfSha256(first), Digest.OfSha256(second)], result.Images.Select(i => i.Id));
        Assert.Equal(both, await other.SaveAsync("a:1", "b:1"));
    }

    [Fact]
    public async Task Loading_again_changes_nothing_and_moves_names()
    {
        await using var store = StoreFixture.Open();
        byte[] archive = TestImages.DockerArchive(["app:1"], TestImages.Config(s_one), s_one);
        await store.LoadAsync(archive);
        await store.LoadAsync(await store.SaveAsync("app:1"));
        await store.LoadAsync(TestImages.DockerArchive(["app:1"], TestImages.Config(s_two), s_two));
        Assert.Equal(2, store.Images.List().Count);
        Assert.Equal(Digest.OfSha256(TestImages.Config(s_two)), store.Images.Find("app:1")!.Id);
        Assert.Empty(store.Images.Find(Digest.OfSha256(TestImages.Config(s_one)).ToString())!.Tags);
    }

    public static TheoryData<string, byte[]> Broken
    {
        get
        {
            byte[] config = TestImages.Config(s_one);
            byte[] good = TestImages.DockerArchive(["app:1"], config, s_one);
            byte[] gzip = TestImages.Gzip(good);
            byte[] gzipLayer = TestImages.Gzip(s_one);
            byte[] flipped = (byte[])gzipLayer.Clone();
            flipped[^6] ^= 1;
            return new TheoryData<string, byte[]>
            {
                { "the archive is empty", [] },
                { "invalid tar header", Encoding.UTF8.GetBytes(new string('x', 2000)) },
                { "does not contain a manifest.json", new TarBuilder().File("hello").Build() },
                { "truncated", good[..(good.Length / 2)] },
                { "truncated", gzip[..^9] },
                { "truncated", gzip[..^1] },
                { "damaged", gzip[..(gzip.Length / 2)] },
                { "invalid diffID for layer 0: expected", TestImages.DockerArchive(["app:1"], config, s_two) },
                { "layers length mismatch: expected 1, got 2", TestImages.DockerArchive(["app:1"], config, s_one, s_two) },
                { "is missing", new TarBuilder().File("manifest.json", """[{"Config":"x.json","Layers":[]}]""").Build() },
                { "is missing", new TarBuilder().Entry("c.json", '0', config).File("manifest.json", """[{"Config":"c.json","Layers":["l/layer.tar"]}]""").Build() },
                { "invalid manifest.json", new TarBuilder().File("manifest.json", "[{").Build() },
                { "invalid image configuration", TestImages.DockerArchive(["app:1"], "{]"u8.ToArray()) },
                { "invalid image configuration", TestImages.DockerArchive(["app:1"], """{"config":{"Labels":{"a":"\ud800"}}}"""u8.ToArray()) },
                { "invalid a/json", new TarBuilder().File("a/json", """{"os":"linux","\ud800":"\udfff"}""").File("a/layer.tar").File("repositories", """{"app":{"1":"a"}}""").Build() },
                { "invalid tag", TestImages.DockerArchive(["App:1"], config, s_one) },
                { "cannot load windows image on linux", TestImages.DockerArchive(["app:1"], """{"os":"windows","rootfs":{"type":"layers","diff_ids":[]}}"""u8.ToArray()) },
                { "outside of the layer's root", TestImages.DockerArchive(["app:1"], TestImages.Config(Hostile), Hostile) },
                { "is outside of", new TarBuilder().File("../manifest.json", "[]").Build() },
                { "xz: the data is truncated", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1, 2] },
                { "bzip2: the data is truncated", "BZh91AY"u8.ToArray() },
                { "bzip2: the data is damaged", "BZh91AZ&SY"u8.ToArray() },
                { "xz: the data is truncated", TestImages.OciArchive("a:1", config, [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 1, 2]) },
                { "gzip: the data is damaged or truncated", TestImages.OciArchive("a:1", config, gzipLayer[..^20]) },
                { "gzip: the data is damaged or truncated", TestImages.OciArchive("a:1", config, flipped) },
                { "digest mismatch", Replace(TestImages.OciArchive("a:1", config, s_one), "shell", "shel1") },
                { "digest mismatch", Replace(TestImages.OciArchive("a:1", config, s_one), "A=b", "A=c") },
                { "it holds no image", TestImages.OciLayout(TestImages.Index((config, "application/vnd.oci.artifact", null, null)), config) },
                { "an image has no Config", new TarBuilder().File("manifest.json", "[null]").Build() },
                { "the layer  is missing", new TarBuilder().Entry("c.json", '0', config).File("manifest.json", """[{"Config":"c.json","Layers":[null]}]""").Build() },
                { "it holds no image", new TarBuilder().File("index.json", """{"schemaVersion":2,"manifests":[null]}""").Build() },
                { "invalid image JSON, no RootFS key", TestImages.DockerArchive(["app:1"], "{}"u8.ToArray()) },
                { "invalid image JSON, no RootFS key", TestImages.DockerArchive(["app:1"], """{"os":"linux","rootfs":null}"""u8.ToArray()) },
                { "max depth exceeded", TestImages.DockerArchive(["app:1"], TestImages.Config([.. Enumerable.Repeat(s_empty, 126)]), [.. Enumerable.Repeat(s_empty, 126)]) },
                { "and it has members of an index", Both(config, "application/vnd.oci.image.manifest.v1+json") },
                { "and it has members of a manifest", Both(config, "application/vnd.oci.image.index.v1+json") },
                { "is no diff ID", TestImages.DockerArchive(["app:1"], """{"rootfs":{"type":"layers","diff_ids":[null]}}"""u8.ToArray(), s_one) },
                { "invalid repositories", new TarBuilder().File("repositories", """{"app":{"1":null}}""").Build() },
                { "is missing", TestImages.OciLayout(TestImages.Index((config, "application/vnd.oci.image.index.v1+json", null, null))) },
            };
        }
    }

    [Theory]
    [InlineData("xz")]
    [InlineData("bzip2")]
    public async Task Compressed_data_must_be_whole_and_alone(string kind)
    {
        await using var store = StoreFixture.Open();
        byte[] whole = Compress(TestImages.DockerArchive(["app:1"], TestImages.Config(s_one), s_one), kind);
        foreach (var (reason, archive) in ((string, byte[])[])[("truncated", whole[..^9]), ("damaged or followed by other data", [.. whole, .. "more than a header of data"u8])])
        {
            Assert.Contains($"{kind}: the data is {reason}", (await Assert.ThrowsAsync<ImageException>(() => store.LoadAsync(archive))).Message, StringComparison.Ordinal);
        }

        // Two streams, one behind the other, are one.
        byte[] tar = TestImages.DockerArchive(["app:1"], TestImages.Config(s_one), s_one);
        Assert.Single((await store.LoadAsync([.. Compress(tar[..1000], kind), .. Compress(tar[1000..], kind)])).Images);
    }

    private static byte[] Hostile { get; } = new TarBuilder().File("../../etc/passwd", "x").Build();

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task A_broken_archive_is_refused_with_a_reason_and_leaves_nothing(string reason, byte[] archive)
    {
        await using var store = StoreFixture.Open();
        await store.LoadAsync(TestImages.DockerArchive(["kept:1"], TestImages.Config(s_two), s_two));
        string before = await store.ContentsAsync();
        var error = await Assert.ThrowsAsync<ImageException>(() => store.LoadAsync(archive));
        Assert.Equal(ErrorKind.InvalidParameter, error.Kind);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await store.ContentsAsync());
        Assert.Single(store.Images.List());
    }

    [Fact]
    public async Task Paths_in_a_manifest_need_not_be_tidy()
    {
        await using var store = StoreFixture.Open();
        byte[] config = TestImages.Config(s_one);
        byte[] archive = new TarBuilder().Entry("./c.json", '0', config).Entry("l/layer.tar", '0', s_one).Link("second/layer.tar", "../l/layer.tar")
            .File("manifest.json", """[{"Config":"./c.json","RepoTags":["app:1"],"Layers":["./second/../second/layer.tar"]}]""").Build();
        Assert.Equal(Digest.OfSha256(config), Assert.Single((await store.LoadAsync(archive)).Images).Id);
    }

    [Fact]
    public async Task A_layer_that_an_archive_counts_on_stays_until_it_is_loaded()
    {
        await using var store = StoreFixture.Open();
        await store.LoadAsync(TestImages.DockerArchive(["app:1"], TestImages.Config(s_one, s_two), s_one, s_two));
        byte[] archive = await store.SaveAsync("app:1");
        InterruptedStream source = new([.. archive, .. new byte[1 << 20]], () => store.Images.Remove("app:1", force: true));
        await store.Images.LoadAsync(source, null, default);
        Assert.True(source.Interrupted);
        Assert.Equal(archive, await store.SaveAsync("app:1"));
        store.Images.Remove("app:1", force: true);
        Assert.DoesNotContain("layer.json", await store.ContentsAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_removed_during_a_failed_load_goes_with_it()
    {
        await using var store = StoreFixture.Open();
        await store.LoadAsync(TestImages.DockerArchive(["app:1"], TestImages.Config(s_one, s_two), s_one, s_two));
        byte[] archive = await store.SaveAsync("app:1");
        byte[] filler = new TarBuilder().Entry("filler", '0', new byte[1 << 20]).Build(end: false);
        InterruptedStream source = new([.. archive[..^1024], .. filler, .. Enumerable.Repeat((byte)'x', 1024)], () => store.Images.Remove("app:1", force: true));
        await Assert.ThrowsAsync<ImageException>(() => store.Images.LoadAsync(source, null, default));
        Assert.True(source.Interrupted);
        Assert.DoesNotContain("layer.json", await store.ContentsAsync(), StringComparison.Ordinal);
    }

    /// <summary>Does something when half a megabyte is left, after all before was taken in.</summary>
    private sealed class InterruptedStream(byte[] content, Action action) : MemoryStream(content)
    {
        public bool Interrupted { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            long rest = Length - (1 << 19) - Position;
            if (rest > 0)
                return await base.ReadAsync(buffer.Length > rest ? buffer[..(int)rest] : buffer, cancellationToken);
            if (!Interrupted)
            {
                Interrupted = true;
                await Task.Delay(300, cancellationToken);
                action();
            }

            return await base.ReadAsync(buffer, cancellationToken);
        }
    }

    [Fact]
    public async Task A_source_that_breaks_off_or_is_cancelled_leaves_nothing()
    {
        await using var store = StoreFixture.Open();
        string before = await store.ContentsAsync();
        byte[] archive = TestImages.DockerArchive(["app:1"], TestImages.Config(s_one), s_one);
        await Assert.ThrowsAsync<IOException>(() => store.Images.LoadAsync(new BreakingStream(archive[..2000]), null, default));
        using CancellationTokenSource cancelled = new();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.Images.LoadAsync(new MemoryStream(archive), null, cancelled.Token));
        Assert.Equal(before, await store.ContentsAsync());
    }

    [Fact]
    public async Task A_broken_archive_is_refused_at_once_even_if_its_sender_waits()
    {
        await using var store = StoreFixture.Open();
        byte[] start = [.. new TarBuilder().File("../escape").Build(end: false), .. new byte[300_000]];
        var loading = store.Images.LoadAsync(new WaitingStream(start), null, default);
        Assert.Same(loading, await Task.WhenAny(loading, Task.Delay(60_000)));
        await Assert.ThrowsAsync<ImageException>(() => loading);
        var importing = store.Images.ImportAsync(new WaitingStream(start), null, new ImageConfig(), null, default);
        Assert.Same(importing, await Task.WhenAny(importing, Task.Delay(60_000)));
        await Assert.ThrowsAsync<ImageException>(() => importing);
    }

    [Fact]
    public async Task A_full_disk_is_told_and_leaves_nothing()
    {
        using TemporaryFolder folder = new();
        Shell.Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.Path);
        try
        {
            await using var store = StoreFixture.Open(folder.Path);
            byte[] big = new TarBuilder().File("big", new string('x', 3_000_000)).Build();
            string before = await store.ContentsAsync();
            var error = await Assert.ThrowsAsync<LinuxException>(() => store.LoadAsync(TestImages.DockerArchive(["big:1"], TestImages.Config(big), big)));
            Assert.Equal(Errno.ENOSPC, error.Number);
            Assert.Equal(before, await store.ContentsAsync());
        }
        finally
        {
            Shell.Run("umount", "-l", folder.Path);
        }
    }

    [Fact]
    public async Task Progress_is_told_by_the_layer()
    {
        await using var store = StoreFixture.Open();
        byte[] big = new TarBuilder().File("big", new string('x', 5_000_000)).Build();
        List<LayerProgress> seen = [];
        await store.Images.LoadAsync(new MemoryStream(TestImages.OciArchive("a:1", TestImages.Config(big), big)), new Collector(seen), default);
        Assert.Equal(new LayerProgress(TestImages.Hex(big)[..12], big.Length, big.Length), seen[^1]);
        Assert.True(seen.Count > 3);
    }

    /// <summary>One document that is a manifest for some and an index for others (CVE-2021-41190).</summary>
    private static byte[] Both(byte[] config, string mediaType)
    {
        string manifest = Encoding.UTF8.GetString(TestImages.Manifest(config, s_one));
        string index = Encoding.UTF8.GetString(TestImages.Index((TestImages.Manifest(config, s_one), "application/vnd.oci.image.manifest.v1+json", null, null)));
        byte[] both = Encoding.UTF8.GetBytes(manifest[..^1] + "," + index[1..]);
        return TestImages.OciLayout(TestImages.Index((both, mediaType, "a:1", null)), both, config, s_one);
    }

    private static byte[] Replace(byte[] archive, string old, string with)
    {
        int at = archive.AsSpan().IndexOf(Encoding.ASCII.GetBytes(old));
        Encoding.ASCII.GetBytes(with).CopyTo(archive, at);
        return archive;
    }

    private static byte[] Compress(byte[] content, string kind)
    {
        if (kind == "none")
            return content;
        if (kind == "gzip")
            return TestImages.Gzip(content);
        if (!Shell.Has(kind))
            Assert.Skip($"{kind} is not installed");
        using TemporaryFolder folder = new();
        File.WriteAllBytes($"{folder.Path}/x", content);
        Shell.Run(kind, "-q", $"{folder.Path}/x");
        return File.ReadAllBytes(Directory.EnumerateFiles(folder.Path).Single(f => Path.GetFileName(f) != "x"));
    }

    private sealed class Collector(List<LayerProgress> seen) : IProgress<LayerProgress>
    {
        public void Report(LayerProgress value) => seen.Add(value);
    }

    private sealed class WaitingStream(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await base.ReadAsync(buffer, cancellationToken);
            if (count == 0)
                await Task.Delay(Timeout.Infinite, cancellationToken);
            return count;
        }
    }

    private sealed class BreakingStream(byte[] start) : MemoryStream(start)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            int count = await base.ReadAsync(buffer, cancellationToken);
            return count > 0 ? count : throw new IOException("connection reset");
        }
    }
}
