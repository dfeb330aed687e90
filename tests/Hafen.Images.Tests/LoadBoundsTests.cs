using System.Text;
using System.Text.Json;
using Hafen.Images.Load;
using Hafen.Oci;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Images.Tests;

/// <summary>Tests that measure memory run alone.</summary>
[CollectionDefinition(nameof(MeasuringMemory), DisableParallelization = true)]
public sealed class MeasuringMemory;

/// <summary>Archives of few bytes that ask for much: what they cost grows as they do.</summary>
[Collection(nameof(MeasuringMemory))]
public sealed class LoadBoundsTests
{
    private const string IndexType = "application/vnd.oci.image.index.v1+json";
    private static readonly byte[] s_layer = TestImages.LayerOne;

    [Fact]
    public async Task An_index_that_is_listed_many_times_is_looked_into_once()
    {
        await using var store = StoreFixture.Open();
        byte[] none = TestImages.Index();
        List<byte[]> blobs = [none];
        // Four indexes of 300 items each: 300 to the fourth.
        for (int i = 0; i < 4; i++)
            blobs.Add(TestImages.Index([.. Enumerable.Repeat((blobs[^1], IndexType, (string?)null, (object?)null), 300)]));
        var error = await Assert.ThrowsAsync<ImageException>(() => store.LoadAsync(TestImages.OciLayout(blobs[^1], [.. blobs])));
        Assert.Contains("it holds no image", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_that_is_listed_many_times_is_read_once()
    {
        byte[] config = Encoding.UTF8.GetBytes($$$"""{"os":"linux","author":"{{{new string('x', 1 << 20)}}}","rootfs":{"type":"layers","diff_ids":["{{{Digest.OfSha256(s_layer)}}}"]}}""");
        long once = await AllocatedAsync(Archive(config, 1)), often = await AllocatedAsync(Archive(config, 500));
        Assert.True(often < once + (20 << 20), $"{once} bytes for one entry, {often} for 500");
    }

    [Fact]
    public async Task Descriptions_that_share_their_parents_are_read_once()
    {
        long one = await AllocatedAsync(Chain(60, 1)), all = await AllocatedAsync(Chain(60, 60));
        Assert.True(all < one + (40 << 20), $"{one} bytes for one image, {all} for 60");
    }

    [Fact]
    public async Task More_names_than_anybody_has_are_refused()
    {
        await using var store = StoreFixture.Open();
        byte[] archive = TestImages.DockerArchive([.. Enumerable.Range(0, 70_000).Select(i => $"app:{i}")], TestImages.Config(s_layer), s_layer);
        var error = await Assert.ThrowsAsync<ImageException>(() => store.LoadAsync(archive));
        Assert.Contains("more than 65536 names", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_count_as_what_they_take()
    {
        using ArchiveContent content = new();
        int kept = 0;
        while (content.Reserve(new string('n', 1 << 20), 0))
            kept++;
        Assert.Equal(31, kept);
        Assert.Throws<ImageException>(() =>
        {
            for (int i = 0; i < 1_000_000; i++)
                content.ReserveLayer("a.tar");
        });
        Assert.Contains("more documents", Assert.Throws<ImageException>(() => content.RequireDocument("x", "the document x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_images_and_names_are_listed_in_one_pass()
    {
        await using var store = StoreFixture.Open();
        byte[][] configs = [.. Enumerable.Range(0, 400).Select(i => Encoding.UTF8.GetBytes($$$"""{"os":"linux","author":"{{{i}}}","rootfs":{"type":"layers","diff_ids":["{{{Digest.OfSha256(s_layer)}}}"]}}"""))];
        TarBuilder tar = new();
        for (int i = 0; i < configs.Length; i++)
            tar.Entry($"{i}.json", '0', configs[i]);
        tar.Entry("l.tar", '0', s_layer).Entry("manifest.json", '0', JsonSerializer.SerializeToUtf8Bytes(
            configs.Select((_, i) => new { Config = $"{i}.json", RepoTags = new[] { $"app:{i}" }, Layers = new[] { "l.tar" } })));
        var result = await store.LoadAsync(tar.Build());
        Assert.Equal(400, result.Images.Count);
        Assert.Equal(400, store.Images.List().Sum(i => i.Tags.Count));
    }

    [Fact]
    public async Task JSON_that_nests_too_deeply_is_refused()
    {
        await using var store = StoreFixture.Open();
        byte[] archive = new TarBuilder().File("manifest.json", string.Concat(Enumerable.Repeat("[", 1_000_000))).Build();
        Assert.Contains("invalid manifest.json", (await Assert.ThrowsAsync<ImageException>(() => store.LoadAsync(archive))).Message, StringComparison.Ordinal);
    }

    private static byte[] Archive(byte[] config, int entries)
        => new TarBuilder().Entry("c.json", '0', config).Entry("l.tar", '0', s_layer)
            .Entry("manifest.json", '0', JsonSerializer.SerializeToUtf8Bytes(Enumerable.Range(0, entries).Select(i => new { Config = "./c.json", RepoTags = new[] { $"app:{i}" }, Layers = new[] { "l.tar" } })))
            .Build();

    private static byte[] Chain(int length, int images)
    {
        TarBuilder tar = new();
        for (int i = 0; i < length; i++)
        {
            tar.File($"{i}/json", $$$"""{"id":"{{{new string('x', 50_000)}}}","os":"linux","parent":"{{{(i == 0 ? "" : i - 1)}}}"}""");
            if (i == 0)
                tar.Entry("0/layer.tar", '0', s_layer);
            else
                tar.Link($"{i}/layer.tar", "../0/layer.tar");
        }

        string names = string.Join(',', Enumerable.Range(0, images).Select(i => $"\"{i}\":\"{length - 1 - i}\""));
        return tar.File("repositories", $$$"""{"app":{{{{names}}}}}""").Build();
    }

    private static async Task<long> AllocatedAsync(byte[] archive)
    {
        await using var store = StoreFixture.Open();
        long before = GC.GetTotalAllocatedBytes(precise: true);
        await store.Images.LoadAsync(new MemoryStream(archive), null, default);
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
