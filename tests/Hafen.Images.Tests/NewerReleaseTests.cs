using System.Text;
using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Tests;

/// <summary>What other releases have written: the first one's is read, a newer one's is neither written over nor taken for garbage.</summary>
public sealed class NewerReleaseTests
{
    /// <summary>The file was written by the first release, in which it had no version.</summary>
    [Fact]
    public void The_list_of_the_first_release_is_read()
    {
        using var folder = new Hafen.Snapshots.Tests.TemporaryFolder();
        using (var from = typeof(NewerReleaseTests).Assembly.GetManifestResourceStream("images.json")!)
        using (var to = File.Create($"{folder.Path}/images.json"))
            from.CopyTo(to);
        var (id, entry) = Assert.Single(ImageIndexFile.Read(folder.Path)!.Images);
        Assert.Equal("sha256:7a7658e7513d9176ca4a07573f9fed6d4c2d8ed46df25d9841a87e865a2f78e9", id);
        Assert.Equal(["docker.io/library/app:1", "localhost:5000/other:2"], entry.References!);
        Assert.Equal(DateTimeOffset.Parse("2026-11-30T15:15:55.6207027+00:00"), entry.LastTagged);
    }

    [Fact]
    public async Task A_list_without_a_version_keeps_its_names()
    {
        await using var store = StoreFixture.Open();
        await LoadAsync(store);
        string path = $"{store.Root}/images.json", written = File.ReadAllText(path);
        Assert.StartsWith("{\n  \"version\": 1,\n", written, StringComparison.Ordinal);
        File.WriteAllText(path, written.Replace("  \"version\": 1,\n", "", StringComparison.Ordinal));
        using var again = await ImageStore.OpenAsync(store.Root, store.Content, store.Layers);
        Assert.NotNull(again.Find("app:1"));
        Assert.Empty(again.LeftAlone);
    }

    [Theory]
    [InlineData("{\"version\":2,\"images\":[]}")]
    [InlineData("{\"version\":2,\"images\":{\"sha")]
    public async Task A_newer_list_closes_the_store_to_changes_and_costs_nothing(string list)
    {
        await using var store = StoreFixture.Open();
        var image = await LoadAsync(store);
        byte[] archive = TestImages.DockerArchive(["app:2"], TestImages.Config(TestImages.LayerOne), TestImages.LayerOne);
        using (var lease = store.Content.Lease())
            store.Content.Put("a manifest that the newer list names"u8, lease);
        File.WriteAllText($"{store.Root}/images.json", list);
        string before = await store.ContentsAsync();

        using (var again = await ImageStore.OpenAsync(store.Root, store.Content, store.Layers))
        {
            string reason = $"{store.Root}/images.json has version 2 of its format, and this release knows none newer than 1: it is left alone";
            Assert.Equal([reason], again.LeftAlone);
            // Containers of it can be started and shown.
            Assert.Equal(image.TopLayer, again.Find(image.Id.ToString())!.TopLayer);
            ImageException[] refusals =
            [
                await Assert.ThrowsAsync<ImageException>(() => again.LoadAsync(new MemoryStream(archive), null, default)),
                await Assert.ThrowsAsync<ImageException>(() => again.ImportAsync(new MemoryStream(TestImages.LayerOne), null, new ImageConfig(), null, default)),
                await Assert.ThrowsAsync<ImageException>(() => again.LoadBuiltInAsync("hello-world", default)),
                Assert.Throws<ImageException>(() => again.Tag(image, ImageReference.Parse("other"))),
                Assert.Throws<ImageException>(() => again.Remove(image.Id.ToString(), force: true)),
                Assert.Throws<ImageException>(() => again.RemoveIf(image.Id, _ => true)),
                Assert.Throws<ImageException>(() => again.Untag("app:1")),
            ];
            Assert.All(refusals, refusal => Assert.Equal((ErrorKind.NotImplemented, "images cannot be changed: " + reason), (refusal.Kind, refusal.Message)));
        }

        Assert.Equal(before, await store.ContentsAsync());
        Assert.Equal(list, File.ReadAllText($"{store.Root}/images.json"));
    }

    [Fact]
    public async Task A_newer_layer_closes_the_store_and_its_image_keeps_its_name()
    {
        await using var store = StoreFixture.Open();
        var image = await LoadAsync(store);
        string list = File.ReadAllText($"{store.Root}/images.json");
        File.WriteAllText($"{store.Root}/chains/{image.TopLayer!.Value.Hex}/layer.json", "{\"version\":2}");
        await using var again = StoreFixture.Open(store.Root);
        Assert.Empty(again.Images.List());
        Assert.Single(again.Images.LeftAlone);
        await Assert.ThrowsAsync<ImageException>(() => again.LoadAsync(TestImages.DockerArchive(["app:2"], TestImages.Config(TestImages.LayerOne), TestImages.LayerOne)));
        Assert.Equal(list, File.ReadAllText($"{store.Root}/images.json"));
        Assert.True(store.Content.Has(image.Id));
    }

    private static async Task<Image> LoadAsync(StoreFixture store)
        => (await store.LoadAsync(TestImages.DockerArchive(["app:1"], TestImages.Config(TestImages.LayerOne, TestImages.LayerTwo), TestImages.LayerOne, TestImages.LayerTwo))).Images[0];
}
