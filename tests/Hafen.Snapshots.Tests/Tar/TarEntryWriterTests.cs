using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;
using Hafen.Snapshots.Tests.Changes;

namespace Hafen.Snapshots.Tests.Tar;

/// <summary>Headers are read back as they were written, and by GNU tar.</summary>
public sealed class TarEntryWriterTests
{
    public static TheoryData<string, TarEntry> Entries => new()
    {
        { "simple", new TarEntry { Name = "etc/motd", Type = TarType.File, Permissions = 0x1A4, Uid = 5, Gid = 6, Modified = new FileTime(1_000_000_000, 0) } },
        { "a name of 100 bytes", new TarEntry { Name = new string('n', 100), Type = TarType.Directory } },
        { "a name of 101 bytes", new TarEntry { Name = new string('n', 101), Type = TarType.Directory } },
        { "a long name", new TarEntry { Name = string.Join('/', Enumerable.Repeat(new string('n', 250), 20)), Type = TarType.File } },
        { "a long target", new TarEntry { Name = "link", Type = TarType.SymbolicLink, LinkName = new string('t', 4000) } },
        { "a long hard link", new TarEntry { Name = "link", Type = TarType.HardLink, LinkName = $"d/{new string('t', 200)}" } },
        { "bytes that are no text", new TarEntry { Name = "latin\u00e9/\u0001", Type = TarType.File } },
        { "bytes that are no text and long", new TarEntry { Name = "latin\u00e9" + new string('x', 200), Type = TarType.File } },
        { "nanoseconds", new TarEntry { Name = "f", Type = TarType.File, Modified = new FileTime(1_000_000_000, 120_000_003) } },
        { "before 1970", new TarEntry { Name = "f", Type = TarType.File, Modified = new FileTime(-1, 500_000_000) } },
        { "long before 1970", new TarEntry { Name = "f", Type = TarType.File, Modified = new FileTime(-10_000, 1) } },
        { "before 1970, whole", new TarEntry { Name = "f", Type = TarType.File, Modified = new FileTime(-10_000, 0) } },
        { "far away", new TarEntry { Name = "f", Type = TarType.File, Modified = new FileTime(1L << 33, 0) } },
        { "large IDs", new TarEntry { Name = "f", Type = TarType.File, Uid = 1 << 21, Gid = uint.MaxValue - 1 } },
        { "largest IDs of a header", new TarEntry { Name = "f", Type = TarType.File, Uid = (1 << 21) - 1, Gid = (1 << 21) - 1 } },
        { "a device", new TarEntry { Name = "disk", Type = TarType.BlockDevice, DeviceMajor = 4095, DeviceMinor = (1 << 20) - 1, Permissions = 0xFFF } },
        { "attributes", new TarEntry { Name = "f", Type = TarType.File, Xattrs = [new("security.capability", [1, 0, 10, (byte)'\n', 255]), new("user.e", [])] } },
        { "a record of 99 bytes", new TarEntry { Name = "f", Type = TarType.File, Xattrs = [.. Enumerable.Range(60, 25).Select(n => KeyValuePair.Create($"user.{n}", new byte[n]))] } },
    };

    [Theory]
    [MemberData(nameof(Entries))]
    public void What_is_written_is_read(string what, TarEntry entry)
    {
        Assert.NotEmpty(what);
        byte[] tar = Write(writer => writer.Write(entry));
        Assert.Equal(0, tar.Length % 512);
        var (read, data) = Assert.Single(TarListing.Read(tar));
        Assert.Empty(data);
        Assert.Equal(entry.Xattrs.Select(attribute => $"{attribute.Key}={Convert.ToHexString(attribute.Value)}"), read.Xattrs.Select(attribute => $"{attribute.Key}={Convert.ToHexString(attribute.Value)}"));
        Assert.Equal(entry with { Xattrs = [] }, read with { Xattrs = [], Accessed = default });
        Assert.Equal(tar, Write(writer => writer.Write(entry)));
    }

    [Fact]
    public void Sizes_beyond_eight_gigabytes_are_told()
    {
        byte[] tar = Write(writer => writer.Write(new TarEntry { Name = "large", Type = TarType.File, Size = 1L << 34 }), end: false);
        using BlockPool pool = new();
        BlockQueue queue = new(pool);
        Bounds.Unpacking.Fill(queue, tar);
        using BlockInput input = new(queue);
        Assert.Equal(1L << 34, new TarReader(input).Next()!.Size);
    }

    [Fact]
    public void More_attributes_than_an_archive_holds_are_refused()
        => Assert.Throws<LayerException>(() => Write(writer => writer.Write(new TarEntry
        {
            Name = "f",
            Type = TarType.File,
            Xattrs = [.. Enumerable.Range(0, 20).Select(i => KeyValuePair.Create($"user.{i}", new byte[64 * 1024]))],
        })));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Sparse_files_are_made_again_by_GNU_tar(bool atEnd)
    {
        using TemporaryFolder folder = new();
        TarEntry entry = new()
        {
            Name = $"d/{new string('s', 120)}",
            Type = TarType.File,
            Permissions = 0x1A4,
            Size = 10_000,
            Sparse = atEnd ? [new TarExtent(1024, 512), new TarExtent(8192, 1808)] : [new TarExtent(1024, 512), new TarExtent(8192, 1024), new TarExtent(10_000, 0)],
        };
        byte[] pieces = [.. Enumerable.Range(0, (int)entry.Sparse.Sum(piece => piece.Length)).Select(i => (byte)(i % 251))];
        byte[] tar = Write(writer =>
        {
            writer.Write(entry);
            return (pieces, pieces.Length);
        });
        File.WriteAllBytes($"{folder.Path}/a.tar", tar);
        Shell.Script("mkdir out; tar -xf a.tar -C out", folder.Path);
        byte[] expected = new byte[10_000];
        pieces.AsSpan(0, 512).CopyTo(expected.AsSpan(1024));
        pieces.AsSpan(512).CopyTo(expected.AsSpan(8192));
        Assert.Equal(expected, File.ReadAllBytes($"{folder.Path}/out/{entry.Name}"));
        var (read, data) = Assert.Single(TarListing.Read(tar));
        Assert.Equal((entry.Name, 10_000), (read.Name, read.Size));
        Assert.Equal(pieces, data);
        Assert.Equal(entry.Sparse, read.Sparse);
    }

    private static byte[] Write(Action<TarEntryWriter> write, bool end = true)
        => Write(
            writer =>
            {
                write(writer);
                return ([], 0);
            },
            end);

    private static byte[] Write(Func<TarEntryWriter, (byte[] Data, int Length)> write, bool end = true)
    {
        using BlockPool pool = new();
        BlockQueue queue = new(pool);
        using (BlockOutput output = new(queue))
        {
            TarEntryWriter writer = new(output);
            var (data, length) = write(writer);
            output.Write(data);
            writer.Pad(length);
            if (end)
                writer.End();
            output.Flush();
        }

        queue.Complete();
        MemoryStream bytes = new();
        while (queue.Take() is { } block)
        {
            bytes.Write(block.Filled);
            block.Recycle();
        }

        return bytes.ToArray();
    }
}
