using System.Text;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Snapshots.Tests.Contracts;

/// <summary>What every snapshotter does, and whatever stands for one in tests.</summary>
public abstract class SnapshotterContract : IAsyncLifetime
{
    private static readonly Digest s_unknown = Digest.OfSha256("nowhere"u8);

    protected abstract ISnapshotter Snapshotter { get; }

    public virtual ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>Makes a layer of files with these contents; one whose path ends with a slash is a folder. Folders come before what is in them.</summary>
    protected abstract Task<Digest> LayerAsync(Digest? parent, params (string Path, string Content)[] files);

    /// <summary>Writes a file as whoever has the snapshot mounted does; its folder is there.</summary>
    protected abstract void Write(string key, string path, string content);

    /// <summary>Makes a folder in the same way.</summary>
    protected abstract void MakeFolder(string key, string path);

    /// <summary>Removes a file, or a folder with all that is in it, in the same way.</summary>
    protected abstract void Delete(string key, string path);

    [Fact]
    public void It_has_a_name() => Assert.NotEmpty(Snapshotter.Name);

    [Fact]
    public async Task A_layer_is_known_by_its_chain_and_gives_its_tar_back()
    {
        var lower = await LayerAsync(null, ("etc/", ""), ("etc/motd", "hello"));
        var upper = await LayerAsync(lower, ("other", "content"));
        var info = Snapshotter.GetLayer(upper);
        Assert.Equal((upper, lower, "content".Length), (info.ChainId, info.Parent!.Value, info.Size));
        Assert.Equal(upper, ChainIds.Next(lower, info.DiffId));
        Assert.Null(Snapshotter.GetLayer(lower).Parent);
        Assert.True(Snapshotter.HasLayer(lower) && Snapshotter.HasLayer(upper));
        MemoryStream tar = new();
        await Snapshotter.WriteDiffAsync(upper, tar, default);
        Assert.Equal(info.DiffId, Digest.OfSha256(tar.ToArray()));
    }

    [Fact]
    public async Task A_layer_that_is_not_there_is_told()
    {
        Assert.False(Snapshotter.HasLayer(s_unknown));
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.GetLayer(s_unknown));
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.RemoveLayer(s_unknown));
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.DescribeLayer(s_unknown));
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.Prepare("one", s_unknown, keep: false));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Snapshotter.WriteDiffAsync(s_unknown, Stream.Null, default));
        Assert.DoesNotContain("one", Snapshotter.Keys());
    }

    [Fact]
    public async Task A_layer_stays_as_long_as_something_lies_on_it()
    {
        var lower = await LayerAsync(null, ("a", "1"));
        var upper = await LayerAsync(lower, ("b", "2"));
        Snapshotter.Prepare("one", upper, keep: false);
        Assert.Throws<InvalidOperationException>(() => Snapshotter.RemoveLayer(lower));
        Assert.Throws<InvalidOperationException>(() => Snapshotter.RemoveLayer(upper));
        Snapshotter.Remove("one");
        Snapshotter.RemoveLayer(upper);
        Snapshotter.RemoveLayer(lower);
        Assert.False(Snapshotter.HasLayer(lower) || Snapshotter.HasLayer(upper));
    }

    [Fact]
    public void A_key_is_taken_once_and_free_again_when_its_snapshot_is_removed()
    {
        Snapshotter.Prepare("one", null, keep: false);
        Assert.Throws<InvalidOperationException>(() => Snapshotter.Prepare("one", null, keep: true));
        Assert.Contains("one", Snapshotter.Keys());
        Snapshotter.Remove("one");
        Snapshotter.Remove("one");
        Assert.DoesNotContain("one", Snapshotter.Keys());
        Snapshotter.Prepare("one", null, keep: true);
        Assert.Contains("one", Snapshotter.Keys());
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("a/b")]
    public void A_key_that_is_none_is_refused(string key)
    {
        Assert.Throws<ArgumentException>(() => Snapshotter.Prepare(key, null, keep: false));
        Assert.Throws<ArgumentException>(() => Snapshotter.Remove(key));
    }

    [Fact]
    public async Task A_snapshot_that_is_not_there_is_told()
    {
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.Mounts("none"));
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.Usage("none"));
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.Describe("none"));
        Assert.Throws<KeyNotFoundException>(() => Snapshotter.Changes("none", default).ToList());
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Snapshotter.WriteChangesAsync("none", Stream.Null, default));
        await Assert.ThrowsAsync<KeyNotFoundException>(() => Snapshotter.WriteTreeAsync("none", Stream.Null, default));
    }

    [Fact]
    public async Task A_snapshot_says_how_it_is_mounted_and_where_it_lies()
    {
        var layer = await LayerAsync(null, ("a", "1"));
        Snapshotter.Prepare("one", layer, keep: true);
        Assert.All(Snapshotter.Mounts("one"), mount => Assert.StartsWith("/", mount.Destination, StringComparison.Ordinal));
        Assert.Equal("/", Snapshotter.Mounts("one")[0].Destination);
        Assert.Equal(["LowerDir", "MergedDir", "UpperDir", "WorkDir"], Snapshotter.Describe("one").Keys.Order());
        Assert.Equal(["MergedDir", "UpperDir", "WorkDir"], Snapshotter.DescribeLayer(layer).Keys.Order());
        Assert.Equal(["LowerDir", "MergedDir", "UpperDir", "WorkDir"], Snapshotter.DescribeLayer(await LayerAsync(layer, ("b", "2"))).Keys.Order());
    }

    [Fact]
    public async Task A_snapshot_that_nobody_has_written_has_no_changes()
    {
        var layer = await LayerAsync(null, ("etc/", ""), ("etc/motd", "hello"));
        Snapshotter.Prepare("one", layer, keep: false);
        Assert.Equal(0, Snapshotter.Usage("one"));
        Assert.Empty(Snapshotter.Changes("one", default));
        var (written, names) = await ChangesAsync("one");
        Assert.Empty(names);
        Assert.Equal(1024, written.TarSize);
    }

    [Fact]
    public async Task What_was_written_is_listed_and_makes_a_layer()
    {
        var lower = await LayerAsync(null, ("etc/", ""), ("etc/motd", "hello"), ("etc/other", "x"), ("etc/rc/", ""), ("etc/rc/one", "1"), ("gone", "y"), ("stays", "z"));
        Snapshotter.Prepare("one", lower, keep: false);
        Write("one", "etc/motd", "changed");
        Write("one", "new", "1234");
        MakeFolder("one", "made");
        Write("one", "made/below", "56");
        Delete("one", "gone");
        Delete("one", "etc/rc");
        Assert.Equal("changed".Length + 4 + 2, Snapshotter.Usage("one"));
        Assert.Equal(
            ["C etc", "C etc/motd", "D etc/rc", "D gone", "A made", "A made/below", "A new"],
            Snapshotter.Changes("one", default).Select(change => $"{"CAD"[(int)change.Kind]} {change.Path}"));
        var (written, names) = await ChangesAsync("one");
        Assert.Equal([".wh.gone", "etc/", "etc/.wh.rc", "etc/motd=changed", "made/", "made/below=56", "new=1234"], names.Order(StringComparer.Ordinal));
        Assert.Equal(written, (await ChangesAsync("one")).Written);
        string[] tree = await TreeAsync("one");
        Assert.Superset(new HashSet<string> { "etc/", "etc/motd=changed", "etc/other=x", "made/", "made/below=56", "new=1234", "stays=z" }, tree.ToHashSet());
        Assert.DoesNotContain(tree, name => name.StartsWith("gone", StringComparison.Ordinal) || name.StartsWith("etc/rc", StringComparison.Ordinal) || name.Contains(".wh.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_was_made_again_hides_what_was_in_it()
    {
        var lower = await LayerAsync(null, ("d/", ""), ("d/kept", "1"), ("d/old", "2"), ("d/sub/", ""), ("d/sub/deep", "3"));
        Snapshotter.Prepare("one", lower, keep: false);
        Delete("one", "d");
        MakeFolder("one", "d");
        Write("one", "d/kept", "other");
        MakeFolder("one", "d/sub");
        Assert.Equal(
            ["C d", "C d/kept", "D d/old", "C d/sub", "D d/sub/deep"],
            Snapshotter.Changes("one", default).Select(change => $"{"CAD"[(int)change.Kind]} {change.Path}"));
        var (_, names) = await ChangesAsync("one");
        Assert.Equal(["d/", "d/.wh..wh..opq", "d/kept=other", "d/sub/"], names.Order(StringComparer.Ordinal));
        Assert.Equal(["d/", "d/kept=other", "d/sub/"], (await TreeAsync("one")).Where(name => name.StartsWith("d/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_client_that_is_gone_ends_the_writing()
    {
        Snapshotter.Prepare("one", null, keep: false);
        Write("one", "file", new string('x', 4 << 20));
        using var cancel = new CancellationTokenSource();
        UnreadStream unread = new();
        var writing = Snapshotter.WriteChangesAsync("one", unread, cancel.Token);
        await unread.Reached.Task;
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => writing);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Snapshotter.WriteTreeAsync("one", unread, cancel.Token));
        await Assert.ThrowsAsync<IOException>(() => Snapshotter.WriteTreeAsync("one", new BrokenStream(), default));
        await Assert.ThrowsAsync<IOException>(() => Snapshotter.WriteChangesAsync("one", new BrokenStream(), default));
        Assert.Throws<OperationCanceledException>(() => Snapshotter.Changes("one", cancel.Token).ToList());
    }

    private async Task<(WrittenLayer Written, List<string> Names)> ChangesAsync(string key)
    {
        MemoryStream tar = new();
        var written = await Snapshotter.WriteChangesAsync(key, tar, default);
        Assert.Equal(new WrittenLayer(Digest.OfSha256(tar.ToArray()), tar.Length), written);
        return (written, await ReadAsync(tar));
    }

    private async Task<string[]> TreeAsync(string key)
    {
        MemoryStream tar = new();
        await Snapshotter.WriteTreeAsync(key, tar, default);
        return [.. await ReadAsync(tar)];
    }

    /// <summary>Names and contents in an archive, read by somebody else's code.</summary>
    private static async Task<List<string>> ReadAsync(MemoryStream tar)
    {
        tar.Position = 0;
        List<string> names = [];
        await using System.Formats.Tar.TarReader reader = new(tar, leaveOpen: true);
        while (await reader.GetNextEntryAsync() is { } entry)
        {
            string content = entry.DataStream is { } data ? "=" + await new StreamReader(data, Encoding.UTF8).ReadToEndAsync() : "";
            names.Add(entry.Name + content);
        }

        return names;
    }

    /// <summary>A client whose socket is full.</summary>
    private sealed class UnreadStream : MemoryStream
    {
        public TaskCompletionSource Reached { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            Reached.TrySetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }
    }

    private sealed class BrokenStream : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("broken pipe");
    }
}
