using Hafen.Errors;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Images.Tests;

public sealed class NameTests
{
    private static async Task<(StoreFixture Store, Image Image)> LoadedAsync(params string[] names)
    {
        var store = StoreFixture.Open();
        var result = await store.LoadAsync(TestImages.DockerArchive(names, TestImages.Config(TestImages.LayerOne, TestImages.LayerTwo), TestImages.LayerOne, TestImages.LayerTwo));
        return (store, result.Images[0]);
    }

    [Fact]
    public async Task Removing_one_of_several_names_only_untags()
    {
        var (store, image) = await LoadedAsync("app:1", "app:2");
        await using var _ = store;
        Assert.Equal([new ImageRemoval("app:1", null)], store.Images.Remove("app:1", force: false));
        Assert.Equal(image.Id, store.Images.Find("app:2")!.Id);
    }

    [Fact]
    public async Task Removing_the_last_name_removes_the_image_and_its_layers_from_the_top()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        var chain = ChainIds.Of([Digest.OfSha256(TestImages.LayerOne), Digest.OfSha256(TestImages.LayerTwo)]);
        Assert.Equal(
            [new("app:1", null), new(null, image.Id.ToString()), new(null, chain[1].ToString()), new(null, chain[0].ToString())],
            store.Images.Remove("app:1", force: false));
        Assert.Empty(store.Images.List());
        Assert.Empty(store.Content.List());
        await store.ContentsAsync();
        Assert.Equal("b1", string.Join(' ', Directory.EnumerateDirectories($"{store.Root}/layers").Select(Path.GetFileName)));
    }

    [Fact]
    public async Task Removing_by_ID_needs_force_when_several_repositories_know_the_image()
    {
        var (store, image) = await LoadedAsync("app:1", "other:1");
        await using var _ = store;
        var error = Assert.Throws<ImageException>(() => store.Images.Remove(image.Id.Hex[..12], force: false));
        Assert.Equal(ErrorKind.Conflict, error.Kind);
        Assert.Equal($"conflict: unable to delete {image.Id.Hex[..12]} (must be forced) - image is referenced in multiple repositories", error.Message);
        Assert.Equal(["app:1", "other:1"], store.Images.Remove(image.Id.ToString(), force: true).Where(r => r.Untagged is not null).Select(r => r.Untagged!));
        Assert.Empty(store.Images.List());
    }

    [Fact]
    public async Task An_image_goes_on_a_condition()
    {
        var (store, image) = await LoadedAsync("app:1", "other:1");
        await using var _ = store;
        Assert.Empty(store.Images.RemoveIf(image.Id, now => now.Tags.Count == 0));
        Assert.Equal(2, store.Images.Find(image.Id.ToString())!.Tags.Count);
        Assert.Equal(["app:1", "other:1"], store.Images.RemoveIf(image.Id, now => now.Tags.Count == 2).Where(r => r.Untagged is not null).Select(r => r.Untagged!));
        Assert.Empty(store.Images.List());
        Assert.Empty(store.Images.RemoveIf(image.Id, _ => true));
    }

    [Fact]
    public async Task Shared_layers_and_layers_below_containers_stay()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        await store.LoadAsync(TestImages.DockerArchive(["base:1"], TestImages.Config(TestImages.LayerOne), TestImages.LayerOne));
        store.Layers.Prepare("container", image.TopLayer, keep: true);
        Assert.Equal(2, store.Images.Remove("app:1", force: true).Count);
        Assert.True(store.Layers.HasLayer(image.TopLayer!.Value));
        store.Layers.Remove("container");
        Assert.Equal(["Untagged base:1", "Deleted", "Deleted", "Deleted"], store.Images.Remove("base:1", force: false).Select(r => r.Untagged is { } name ? $"Untagged {name}" : "Deleted"));
    }

    [Fact]
    public async Task Digest_references_go_with_the_last_tag_of_their_repository()
    {
        var (store, image) = await LoadedAsync("app:1", "other:1");
        await using var _ = store;
        string digest = "sha256:" + new string('a', 64);
        store.Images.Tag(image, ImageReference.Parse($"app@{digest}"));
        Assert.Equal([$"app@{digest}"], store.Images.Find("app:1")!.RepoDigests);
        Assert.Equal(image.Id, store.Images.Find($"app@{digest}")!.Id);
        Assert.Equal(image.Id, store.Images.Find($"app:whatever@{digest}")!.Id);
        Assert.Null(store.Images.Find($"other@{digest}"));
        Assert.Equal([new("app:1", null), new($"app@{digest}", null)], store.Images.Remove("app:1", force: false));
    }

    [Fact]
    public async Task Names_move_and_survive()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        Assert.Null(store.Images.Tag(image, ImageReference.Parse("new/name")));
        var second = (await store.LoadAsync(TestImages.DockerArchive(["second:1"], TestImages.Config(TestImages.LayerTwo), TestImages.LayerTwo))).Images[0];
        Assert.Equal(image.Id, store.Images.Tag(second, ImageReference.Parse("new/name"))!.Id);
        using var again = await ImageStore.OpenAsync(store.Root, store.Content, store.Layers);
        Assert.Equal(second.Id, again.Find("new/name")!.Id);
        Assert.Equal(["app:1"], again.Find("app:1")!.Tags.Select(t => t.Familiar));
        Assert.Equal(image.Size, again.Find("app:1")!.Size);
    }

    [Fact]
    public async Task What_is_not_there_is_told_in_Dockers_words()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        Assert.Null(store.Images.Find("nosuch"));
        Assert.Null(store.Images.Find("sha256:" + new string('0', 64)));
        Assert.Equal("No such image: nosuch:latest", Assert.Throws<ImageException>(() => store.Images.Remove("nosuch", false)).Message);
        Assert.Equal(ErrorKind.NotFound, (await Assert.ThrowsAsync<ImageException>(() => store.SaveAsync("app:1", "nosuch"))).Kind);
        Assert.Equal(ErrorKind.InvalidParameter, Assert.Throws<ImageException>(() => store.Images.Find("No:such:")).Kind);
        Assert.Equal(image.Id, store.Images.Find("sha256:" + image.Id.Hex[..10])!.Id);
    }

    [Fact]
    public async Task A_prefix_of_two_IDs_is_ambiguous()
    {
        await using var store = StoreFixture.Open();
        // Seventeen images: two of them begin with the same digit.
        for (int i = 0; i < 17; i++)
        {
            byte[] layer = new Hafen.Snapshots.Tests.Tar.TarBuilder().File($"f{i}").Build();
            await store.LoadAsync(TestImages.DockerArchive([$"app:{i}"], TestImages.Config(layer), layer));
        }

        string digit = store.Images.List().GroupBy(i => i.Id.Hex[..1]).First(g => g.Count() > 1).Key;
        Assert.Equal(ErrorKind.Ambiguous, Assert.Throws<ImageException>(() => store.Images.Find(digit)).Kind);
    }

    [Fact]
    public async Task An_image_whose_parts_are_gone_is_dropped_at_open()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        File.Delete($"{store.Root}/blobs/sha256/{image.Id.Hex}");
        using var again = await ImageStore.OpenAsync(store.Root, store.Content, store.Layers);
        Assert.Empty(again.List());
    }

    [Fact]
    public async Task A_broken_list_of_images_costs_the_names_and_not_the_images()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        File.WriteAllText($"{store.Root}/images.json", "{ broken");
        using var again = await ImageStore.OpenAsync(store.Root, store.Content, store.Layers);
        var kept = Assert.Single(again.List());
        Assert.Equal(image.Id, kept.Id);
        Assert.Empty(kept.Tags);
        Assert.Equal("{ broken", File.ReadAllText($"{store.Root}/images.json.broken"));
    }

    [Fact]
    public async Task Blobs_that_are_no_configurations_do_not_become_images()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        using var lease = store.Content.Lease();
        store.Content.Put("""{"schemaVersion":2,"config":{"digest":"sha256:0"},"layers":[]}"""u8, lease);
        store.Content.Put("a layer"u8, lease);
        File.WriteAllText($"{store.Root}/images.json", "{ broken");
        using var again = await ImageStore.OpenAsync(store.Root, store.Content, store.Layers);
        Assert.Equal(image.Id, Assert.Single(again.List()).Id);
    }

    [Fact]
    public async Task What_a_lease_keeps_stays_beside_the_images()
    {
        var (store, image) = await LoadedAsync("app:1");
        await using var _ = store;
        Digest blob;
        using (var lease = store.Content.Lease())
        {
            blob = store.Content.Put("on its way"u8, lease);
            store.Images.Remove(image.Id.ToString(), force: true);
            Assert.Equal([blob], store.Content.List());
        }

        // With the next change it goes.
        await store.LoadAsync(TestImages.DockerArchive(["app:2"], TestImages.Config(TestImages.LayerOne), TestImages.LayerOne));
        store.Images.Remove("app:2", force: true);
        Assert.Empty(store.Content.List());
    }

    [Fact]
    public async Task The_built_in_image_is_always_the_same()
    {
        await using var store = StoreFixture.Open();
        var first = await store.Images.LoadBuiltInAsync("hello-world", default);
        Assert.Equal(["/hello"], first.Config.Config!.Cmd!);
        Assert.Equal(first.Id, store.Images.Find("hello-world")!.Id);
        await using var other = StoreFixture.Open();
        Assert.Equal(first.Id, (await other.Images.LoadBuiltInAsync("docker.io/library/hello-world:latest", default)).Id);
        Assert.Equal("No such image: nosuch:latest", (await Assert.ThrowsAsync<ImageException>(() => store.Images.LoadBuiltInAsync("nosuch", default))).Message);
    }
}
