using Hafen.Oci;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Overlay;

/// <summary>Layers made on aufs: files with several names lie in <c>.wh..wh.plnk</c>, and their names are links into it.</summary>
public sealed class LinkStoreTests
{
    [Fact]
    public async Task Links_into_the_store_are_files_of_the_layer()
    {
        await using LayerFixture fixture = new();
        byte[] tar = new TarBuilder().Folder(".wh..wh.plnk/").Folder(".wh..wh.orph/").File(".wh..wh.aufs")
            .File(".wh..wh.plnk/123.45", "content", 0x1ED, 3, 4).File(".wh..wh.plnk/9.9", "of nobody")
            .Folder("bin").HardLink("bin/one", ".wh..wh.plnk/123.45").HardLink("bin/two", "/.wh..wh.plnk/123.45").Build();
        var chainId = await fixture.ApplyAsync(tar);
        string root = fixture.Mount(chainId);
        Assert.Equal("content", File.ReadAllText($"{root}/bin/one"));
        Assert.Equal("755 3 4", Shell.Run("stat", "-c", "%a %u %g", $"{root}/bin/two").Trim());
        Assert.Equal(Shell.Run("stat", "-c", "%i", $"{root}/bin/one"), Shell.Run("stat", "-c", "%i", $"{root}/bin/two"));
        Assert.Empty(Shell.Run("find", root, "-name", ".wh*"));
        Assert.Equal("content".Length, fixture.Snapshotter.GetLayer(chainId).Size);
        Assert.Equal(tar, await fixture.DiffAsync(chainId));
    }

    [Fact]
    public async Task A_store_that_says_the_same_name_twice_gives_its_bytes_back()
    {
        await using LayerFixture fixture = new();
        byte[] tar = new TarBuilder().File(".wh..wh.plnk/1.1", "first").HardLink("one", ".wh..wh.plnk/1.1")
            .File(".wh..wh.plnk/1.1", "second").HardLink("two", ".wh..wh.plnk/1.1").File("one", "third").Build();
        var chainId = await fixture.ApplyAsync(tar);
        string root = fixture.Mount(chainId);
        Assert.Equal("third second", $"{File.ReadAllText($"{root}/one")} {File.ReadAllText($"{root}/two")}");
        Assert.Equal(tar, await fixture.DiffAsync(chainId));
    }

    [Fact]
    public async Task A_link_to_what_the_store_does_not_have_is_refused()
    {
        await using LayerFixture fixture = new();
        byte[] tar = new TarBuilder().HardLink("one", ".wh..wh.plnk/1.1").Build();
        var error = await Assert.ThrowsAsync<LayerException>(() => fixture.Snapshotter.ApplyAsync(Digest.OfSha256(tar), null, new MemoryStream(tar), default));
        Assert.Equal("invalid aufs hardlink \"one\"", error.Message);
    }
}
