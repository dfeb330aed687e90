using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Tests.Layers;

public sealed class EntryPathTests
{
    [Theory]
    [InlineData("a/b", "a/b")]
    [InlineData("./a/b/", "a/b")]
    [InlineData("/a//b", "a/b")]
    [InlineData("a/./b/../c", "a/c")]
    [InlineData(".", "")]
    [InlineData("./", "")]
    [InlineData("/", "")]
    [InlineData("", "")]
    [InlineData("a/..", "")]
    [InlineData("...", "...")]
    public void Names_are_cleaned(string name, string path) => Assert.Equal(path, EntryPath.Clean(name));

    [Theory]
    [InlineData("..")]
    [InlineData("../etc/passwd")]
    [InlineData("/../etc")]
    [InlineData("a/../../b")]
    [InlineData("./../a")]
    public void Names_that_lead_out_are_refused(string name)
        => Assert.Contains("outside of the layer's root", Assert.Throws<LayerException>(() => EntryPath.Clean(name)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("a/b", EntryKind.Ordinary, "a/b")]
    [InlineData("a/.wh.b", EntryKind.Whiteout, "a/b")]
    [InlineData(".wh.b", EntryKind.Whiteout, "b")]
    [InlineData("a/.wh..wh..opq", EntryKind.Opaque, "a")]
    [InlineData(".wh..wh..opq", EntryKind.Opaque, "")]
    [InlineData(".wh..wh.plnk/1.2", EntryKind.LinkStore, ".wh..wh.plnk/1.2")]
    [InlineData(".wh..wh.aufs", EntryKind.Ignored, ".wh..wh.aufs")]
    [InlineData("a.wh.b", EntryKind.Ordinary, "a.wh.b")]
    [InlineData(".wh.a/b", EntryKind.Ordinary, ".wh.a/b")]
    public void Whiteouts_are_told_from_files(string path, EntryKind kind, string target)
    {
        Assert.Equal(kind, EntryPath.Classify(path, out string found));
        Assert.Equal(target, found);
    }

    [Theory]
    [InlineData(".wh.")]
    [InlineData("a/.wh..")]
    [InlineData("a/.wh...")]
    public void Whiteouts_without_a_name_are_refused(string path)
        => Assert.Throws<LayerException>(() => EntryPath.Classify(path, out _));
}
