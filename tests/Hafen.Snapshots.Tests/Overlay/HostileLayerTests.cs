using Hafen.Oci;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Overlay;

/// <summary>Archives made to write outside their layer, one for each known way. Each either fails with a reason or stays inside; nothing outside changes.</summary>
public sealed class HostileLayerTests
{
    public static TheoryData<string, string?, Func<string, TarBuilder>> Archives => new()
    {
        { "parent in the name", "outside of the layer's root", _ => new TarBuilder().File("../victim/new") },
        { "parent in the middle", "outside of the layer's root", _ => new TarBuilder().Folder("a").File("a/../../victim/new") },
        { "folder above the root", "outside of the layer's root", _ => new TarBuilder().Folder("..", 0x1FF) },
        { "whiteout above the root", "outside of the layer's root", _ => new TarBuilder().File("../.wh.victim") },
        { "whiteout of the parent", "invalid whiteout", _ => new TarBuilder().File("a/.wh...") },
        { "hard link out", "outside of the layer's root", v => new TarBuilder().HardLink("link", $"../../../../../../{v}/file") },
        { "hard link to an absolute path", "cannot use folder", v => new TarBuilder().HardLink("link", $"{v}/file") },
        { "hard link through a link", "cannot use folder", v => new TarBuilder().Link("out", v).HardLink("link", "out/file") },
        { "hard link to the root", "leads to the root", _ => new TarBuilder().HardLink("link", "./") },
        { "file through an absolute link", null, v => new TarBuilder().Link("out", v).File("out/new") },
        { "file through a relative link", null, v => new TarBuilder().Link("out", $"../../../../../../../..{v}").File("out/new") },
        { "file over a link", null, v => new TarBuilder().Link("out", $"{v}/file").File("out", "changed") },
        { "folder over a link", null, v => new TarBuilder().Link("out", v).Folder("out", 0x1FF, 1, 1).File("out/new") },
        { "mode and owner through a link", null, v => new TarBuilder().Link("out", v).Folder("out/", 0x1FF, 1, 1) },
        { "whiteout through a link", null, v => new TarBuilder().Link("out", v).File("out/.wh.file") },
        { "opaque mark through a link", null, v => new TarBuilder().Link("out", v).File("out/.wh..wh..opq") },
        { "link chain", null, v => new TarBuilder().Link("a", "b").Link("b", "c").Link("c", v).File("a/new") },
        { "link loop", "cannot use folder", _ => new TarBuilder().Link("a", "b").Link("b", "a").File("a/new") },
        { "file below a file", "cannot use folder", _ => new TarBuilder().File("a").File("a/b") },
        { "magic link", null, v => new TarBuilder().Link("out", $"/proc/self/root{v}").File("out/new") },
        { "folder swapped for a link", null, v => new TarBuilder().Folder("d").File("d/one").File("d").Link("d", v).File("d/new") },
        { "overlay mark in the archive", null, _ => new TarBuilder().Pax(("SCHILY.xattr.trusted.overlay.redirect", "/etc")).Folder("d") },
        { "root that is a file", "root is not a folder", _ => new TarBuilder().File("./") },
        { "name too long", "file name too long", _ => new TarBuilder().Pax(("path", new string('n', 300))).File("x") },
        { "path too long", "file name too long", _ => new TarBuilder().Pax(("path", string.Join('/', Enumerable.Repeat("component", 500)))).File("x") },
    };

    [Theory]
    [MemberData(nameof(Archives))]
    public async Task Nothing_outside_the_layer_changes(string what, string? reason, Func<string, TarBuilder> make)
    {
        await using LayerFixture fixture = new();
        string victim = $"{fixture.Scratch}/victim";
        // Beside the store as well as one step above a layer.
        foreach (string folder in (string[])[victim, $"{fixture.Root}/layers/victim", $"{fixture.Root}/victim"])
        {
            Directory.CreateDirectory(folder);
            File.WriteAllText($"{folder}/file", "untouched");
        }

        string before = State(fixture);
        byte[] tar = make(victim).Build();
        var applying = fixture.Snapshotter.ApplyAsync(Digest.OfSha256(tar), null, new MemoryStream(tar), default);
        if (reason is null)
        {
            await Record.ExceptionAsync(() => applying);
        }
        else
        {
            var error = await Assert.ThrowsAsync<LayerException>(() => applying);
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }

        Assert.Equal(before, State(fixture));
        Assert.NotEmpty(what);
        if (applying.IsCompletedSuccessfully)
        {
            Assert.Equal(tar, await fixture.DiffAsync(Digest.OfSha256(tar)));
            return;
        }

        await fixture.SettleAsync();
        Assert.False(fixture.Snapshotter.HasLayer(Digest.OfSha256(tar)));
        Assert.Equal("b1 victim ", Shell.Script("ls -A layers staging chains | grep -v ':$' | grep . | tr '\\n' ' '", fixture.Root));
    }

    private static string State(LayerFixture fixture)
        => Shell.Script(
            "for d in victim root/victim root/layers/victim; do find $d -printf '%p %m %U %G %T@ %n\\n'; getfattr -R -d -m - $d; cat $d/*; done",
            fixture.Scratch);
}
