using Hafen.Oci.Images;
using Hafen.Snapshots.Tests;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Images.Tests;

public sealed class RoundTripTests
{
    [Fact]
    public async Task Import_save_and_load_keep_the_layers_bytes()
    {
        byte[] tar = new TarBuilder().Folder("./").Folder("bin").File("bin/sh", "shell", 0x1ED).Link("sh", "bin/sh").HardLink("bin/ash", "bin/sh").Build();
        await using var first = StoreFixture.Open();
        var image = await first.Images.ImportAsync(new MemoryStream(tar), ImageReference.Parse("test:1"), new ImageConfig(), "made by a test", default);
        byte[] archive = await first.SaveAsync("test:1");

        await using var second = StoreFixture.Open();
        var result = await second.LoadAsync(archive);
        Assert.Equal(["test:1"], result.References);
        Assert.Equal(image.Id, Assert.Single(result.Images).Id);
        Assert.Equal(archive, await second.SaveAsync("test:1"));

        MemoryStream diff = new();
        await second.Layers.WriteDiffAsync(image.TopLayer!.Value, diff, default);
        Assert.Equal(tar, diff.ToArray());
    }

    [Fact]
    public async Task An_image_that_is_removed_while_it_is_saved_is_saved_whole()
    {
        await using var store = StoreFixture.Open();
        await store.LoadAsync(TestImages.DockerArchive(["app:1"], TestImages.Config(TestImages.LayerOne, TestImages.LayerTwo), TestImages.LayerOne, TestImages.LayerTwo));
        byte[] whole = await store.SaveAsync("app:1");
        NotifyingStream target = new(() => store.Images.Remove("app:1", force: true));
        await store.Images.SaveAsync(["app:1"], target, default);
        Assert.Equal(whole, target.ToArray());

        // And then it is gone, with nobody asking again.
        Assert.Empty(store.Images.List());
        Assert.DoesNotContain("layer.json", await store.ContentsAsync(), StringComparison.Ordinal);
    }

    private sealed class NotifyingStream(Action first) : MemoryStream
    {
        private Action? _first = first;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Interlocked.Exchange(ref _first, null)?.Invoke();
            return base.WriteAsync(buffer, cancellationToken);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_imported_tar_may_be_compressed_and_must_be_whole(bool compressed)
    {
        byte[] tar = new TarBuilder().Folder("./").File("file", "content").Build();
        byte[] source = compressed ? TestImages.Gzip(tar) : tar;
        await using var store = StoreFixture.Open();
        string before = await store.ContentsAsync();
        var error = await Assert.ThrowsAsync<ImageException>(
            () => store.Images.ImportAsync(new MemoryStream(source[..(source.Length / 3)]), null, new ImageConfig(), null, default));
        Assert.Contains("truncated", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, await store.ContentsAsync());

        var image = await store.Images.ImportAsync(new MemoryStream(source), null, new ImageConfig { Author = "me" }, "message", default);
        Assert.Equal([Hafen.Oci.Digest.OfSha256(tar).ToString()], image.Config.Rootfs!.DiffIds);
        Assert.Equal("me message linux " + HostPlatform.Architecture, $"{image.Config.Author} {image.Config.Comment} {image.Config.Os} {image.Config.Architecture}");
        Assert.Empty(image.Tags);
    }
}
