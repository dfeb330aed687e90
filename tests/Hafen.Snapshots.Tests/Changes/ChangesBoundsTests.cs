using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;
using Hafen.Oci.Images;
using Hafen.Snapshots.Tests.Bounds;
using Hafen.Snapshots.Tests.Overlay;
using Hafen.Snapshots.Trees;

namespace Hafen.Snapshots.Tests.Changes;

/// <summary>How many files there are and how deep they lie is the container's choice.</summary>
[Collection(nameof(MeasuringMemory))]
public sealed class ChangesBoundsTests
{
    [Fact]
    public async Task A_hundred_thousand_files_take_a_few_megabytes_and_come_back()
    {
        const int Count = 100_000;
        await using LayerFixture fixture = new();
        fixture.Snapshotter.Prepare("one", null, keep: false);
        string upper = fixture.Snapshotter.Describe("one")["UpperDir"];
        Shell.Script($"mkdir many; cd many; seq -f 'name-of-a-file-%06.0f' {Count} | xargs -n 5000 touch -d @1000000000.5; for i in $(seq 500); do ln name-of-a-file-000001 link-$i; done", upper);
        File.WriteAllText($"{upper}/many/name-of-a-file-000001", "content");

        long before = GC.GetTotalMemory(forceFullCollection: true), most = 0;
        var written = await fixture.Snapshotter.WriteChangesAsync("one", new ObservedStream(() => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before)), default);
        Assert.InRange(most, 0, 12 << 20);
        Assert.InRange(written.TarSize, 1024L * Count, 3072L * Count);
        long held = 0;
        int listed = 0;
        foreach (var _ in fixture.Snapshotter.Changes("one", default))
        {
            if (++listed % 20_000 == 0)
                held = Math.Max(held, GC.GetTotalMemory(forceFullCollection: true) - before);
        }

        Assert.Equal(Count + 501, listed);
        Assert.InRange(held, 0, 8 << 20);

        // And back, while it is read.
        var chainId = ChainIds.Next(null, written.DiffId);
        await using var pipe = new System.IO.Pipes.AnonymousPipeServerStream();
        await using var end = new System.IO.Pipes.AnonymousPipeClientStream(System.IO.Pipes.PipeDirection.In, pipe.ClientSafePipeHandle);
        var applying = fixture.Snapshotter.ApplyAsync(chainId, null, end, default);
        await fixture.Snapshotter.WriteChangesAsync("one", pipe, default);
        await pipe.DisposeAsync();
        await applying;
        Assert.Equal($"{Count + 500}\n501\n", Shell.Script("ls -f | grep -vc '^\\.'; stat -c %h link-7", $"{fixture.Mount(chainId)}/many"));
    }

    [Fact]
    public async Task Depth_costs_neither_stack_nor_descriptors()
    {
        await using LayerFixture fixture = new();
        fixture.Snapshotter.Prepare("one", null, keep: false);
        string upper = fixture.Snapshotter.Describe("one")["UpperDir"];
        Shell.Script("deep=$(printf 'd/%.0s' $(seq 1799)); mkdir -p $deep/d $deep/e; cd $deep; echo deep > d/file; echo x > e/file", upper);
        int most = 0, before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        var written = await fixture.Snapshotter.WriteChangesAsync("one", new ObservedStream(() => most = Math.Max(most, Directory.GetFileSystemEntries("/proc/self/fd").Length)), default);
        Assert.InRange(most - before, 0, 400);
        Assert.Equal(1803, fixture.Snapshotter.Changes("one", default).Count());
        Assert.True(written.TarSize > 1803 * 512);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(OrderedNames.Batch - 1)]
    [InlineData(OrderedNames.Batch)]
    [InlineData((3 * OrderedNames.Batch) + 17)]
    public void Names_come_in_order_each_once_and_from_the_topmost_layer(int count)
    {
        using TemporaryFolder folder = new(inMemory: true);
        Shell.Script($"mkdir top bottom; seq {count} | (cd top; xargs -r touch); seq 0 3 {count} | (cd bottom; xargs -r touch); touch bottom/zz", folder.Path);
        using TreeLayers tree = new();
        foreach (string layer in (string[])["top", "bottom"])
            tree.Add(new Hafen.Linux.FileSystem.Descriptor(TreeCalls.Open(OpenFlags.AT_FDCWD, $"{folder.Path}/{layer}", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY)));
        using MergedFolder merged = new(tree, "", [0, 1]);
        OrderedNames names = new([merged], default);
        List<(string, int)> found = [];
        while (names.TryNext(out string name, out int source))
        {
            found.Add((name, source));
            Assert.InRange(names.Held, 0, OrderedNames.Batch);
            if (found.Count is 500 or 40_500)
                names.Forget();
        }

        var expected = Enumerable.Range(1, count).Select(i => ($"{i}", 0)).Append(("0", 1)).Append(("zz", 1)).OrderBy(item => item.Item1, StringComparer.Ordinal);
        Assert.Equal(expected, found);
    }

    [Fact]
    public void Files_with_many_names_are_remembered_up_to_a_limit()
    {
        HardLinks links = new();
        string path = new('p', 4000);
        int remembered = 0;
        for (ulong inode = 0; inode < 20_000; inode++)
        {
            FileStat stat = new() { Inode = inode, Links = 2 };
            Assert.Null(links.Find(stat, path));
        }

        for (ulong inode = 0; inode < 20_000; inode++)
        {
            if (links.Find(new FileStat { Inode = inode, Links = 2 }, "second") == path)
                remembered++;
        }

        Assert.InRange(remembered, 1000, 5000);
        // Those that were seen to the end made room.
        Assert.Null(links.Find(new FileStat { Inode = 50_000, Links = 3 }, "first"));
        Assert.Equal("first", links.Find(new FileStat { Inode = 50_000, Links = 3 }, "second"));
        Assert.Equal("first", links.Find(new FileStat { Inode = 50_000, Links = 3 }, "third"));
    }

    /// <summary>Looks at the process every few megabytes.</summary>
    private sealed class ObservedStream(Action look) : MemoryStream
    {
        private long _bytes;

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_bytes >> 22 != (_bytes + buffer.Length) >> 22 || _bytes == 0)
                look();
            _bytes += buffer.Length;
            return ValueTask.CompletedTask;
        }
    }
}
