using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Tests.Tar;

namespace Hafen.Snapshots.Tests.Bounds;

/// <summary>What an archive costs grows as the archive does. Allocations stand for time: each comparison and each step down a path that was too much made some.</summary>
[Collection(nameof(MeasuringMemory))]
public sealed class UnpackBoundsTests
{
    public static TheoryData<string, int, Func<int, TarBuilder>> Growing => new()
    {
        { "folders replaced by files", 200, n => Many(n, (t, i) => t.Folder($"f{i}"), (t, i) => t.File($"f{i}")) },
        { "folders replaced by links", 200, n => Many(n, (t, i) => t.Folder($"f{i}"), (t, i) => t.Link($"f{i}", "x")) },
        { "folders that no entry describes, replaced", 200, n => Many(n, (t, i) => t.File($"f{i}/g/h"), (t, i) => t.File($"f{i}")) },
        { "one file over and over", 300, n => Many(n, (t, _) => t.File("f", "x")) },
        { "one folder over and over", 300, n => Many(n, (t, _) => t.Folder("f")) },
        { "a folder and a file in turn", 200, n => Many(n, (t, _) => t.Folder("f").File("f")) },
        { "opaque folders", 200, n => Many(n, (t, i) => t.File($"f{i}/.wh..wh..opq")) },
        { "whiteouts", 300, n => Many(n, (t, i) => t.File($".wh.f{i}")) },
        { "hard links in a chain", 200, n => Many(n, (t, i) => i == 0 ? t.File("f0", "x") : t.HardLink($"f{i}", $"f{i - 1}")) },
        { "a path of many folders", 450, n => new TarBuilder().Pax(("path", string.Join('/', Enumerable.Repeat("a", n)))).File("x") },
        { "paths through links", 200, n => Many(n, (t, i) => i == 0 ? t.Folder("d").Link("l", "d") : t.File($"l/f{i}")) },
        { "extended headers before one entry", 300, n => Many(n, (t, i) => t.Pax(("comment", $"{i}"))).File("x") },
        { "sparse pieces", 2000, n => new TarBuilder().Pax(("GNU.sparse.realsize", $"{4 * n}"), ("GNU.sparse.map", string.Join(',', Enumerable.Range(0, n).Select(i => $"{4 * i},1")))).File("x", new string('x', n)) },
        { "extended attributes of one name", 2000, n => new TarBuilder().Pax([.. Enumerable.Range(0, n).Select(i => ("SCHILY.xattr.user.a", $"{i}"))]).File("x") },
    };

    [Theory]
    [MemberData(nameof(Growing))]
    public void Four_times_as_much_costs_four_times_as_much(string what, int count, Func<int, TarBuilder> make)
    {
        Assert.NotEmpty(what);
        Unpacking.Measure(make(8).Build());
        long small = Unpacking.Measure(make(count).Build()).Allocated, large = Unpacking.Measure(make(4 * count).Build()).Allocated;
        Assert.True(large <= 6 * small, $"{small} bytes for {count}, {large} for {4 * count}");
    }

    public static TheoryData<string, Func<TarBuilder>> Hoarding => new()
    {
        { "names of folders", () => Many(4000, (t, i) => t.Pax(("path", $"{i % 100}/{i:d200}")).Folder("x")) },
        { "names of folders that no entry describes", () => Many(100, (t, i) => t.Pax(("path", $"{i}/{string.Join('/', Enumerable.Repeat("folder", 100))}/f")).File("x")) },
        { "names that are replaced", () => Many(4000, (t, i) => t.Pax(("path", $"{i % 2000:d200}")).File("x")) },
        { "whiteouts", () => Many(4000, (t, i) => t.Pax(("path", $".wh.{i:d200}")).File("x")) },
    };

    [Theory]
    [MemberData(nameof(Hoarding))]
    public void No_name_is_held_in_memory(string what, Func<TarBuilder> make)
    {
        Assert.NotEmpty(what);
        byte[] archive = make().Build();
        Unpacking.Measure(new TarBuilder().Folder("a").File("b/c").Build());
        long held = Unpacking.Measure(archive).Held;
        // Inodes of folders that no entry describes, and buffers.
        Assert.True(held < 1 << 20, $"{held} bytes are held of an archive of {archive.Length}");
    }

    [Fact]
    public void More_extended_attributes_than_the_kernel_lists_are_refused()
    {
        byte[] archive = new TarBuilder().Pax([.. Enumerable.Range(0, 36_000).Select(i => ($"SCHILY.xattr.user.{i}", "x"))]).File("x").Build();
        Assert.Contains("too many extended attributes", Assert.Throws<LayerException>(() => Unpacking.Measure(archive)).Message, StringComparison.Ordinal);
    }

    private static TarBuilder Many(int count, params Func<TarBuilder, int, TarBuilder>[] rounds)
    {
        TarBuilder tar = new();
        foreach (var round in rounds)
        {
            for (int i = 0; i < count; i++)
                round(tar, i);
        }

        return tar;
    }
}
