using System.Text;
using Hafen.Content.Tests.Contracts;
using Hafen.Linux.FileSystem;
using Hafen.Oci;
using Hafen.Snapshots.Tests;

namespace Hafen.Content.Tests;

/// <summary>The store on the disk: the contract, and what lies where.</summary>
public sealed class ContentStoreTests : ContentStoreContract, IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    protected override IContentStore Open(TimeSpan? limit = null)
        => ContentStore.Open(_folder.Path, new ContentStoreOptions { Clock = Clock, WriterLimit = limit });

    [Fact]
    public void It_is_an_image_layout_that_a_person_can_read()
    {
        var store = Open();
        byte[] content = Encoding.UTF8.GetBytes("content");
        using (var lease = store.Lease("pull-1"))
            store.Put(content, lease);
        string hex = Digest.OfSha256(content).Hex;
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(_folder.Path, "blobs", "sha256", hex)));
        Assert.Contains("1.0.0", File.ReadAllText(Path.Combine(_folder.Path, "oci-layout")), StringComparison.Ordinal);
        Assert.Equal($"version 1\n\nsha256:{hex}\n", File.ReadAllText(Path.Combine(_folder.Path, "leases", "pull-1")));
    }

    /// <summary>As the first release has written them, and what a crash makes of them.</summary>
    [Theory]
    [InlineData("\nsha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73\n")]
    [InlineData("version \n\nsha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73\n")]
    [InlineData("version 1\n\nsha256:ed70\n\nsha256:ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73\n\nsha256:e")]
    public void A_lease_of_an_earlier_release_is_in_force(string file)
    {
        var store = Open();
        using (var lease = store.Lease())
            store.Put("content"u8, lease);
        File.WriteAllText(Path.Combine(_folder.Path, "leases", "pull-1"), file);
        Assert.Equal(0, Open().Collect(() => []));
    }

    [Theory]
    [InlineData("version 2\nsha512:0\n", "2")]
    [InlineData("version two", "two")]
    public void A_lease_of_a_newer_release_keeps_everything_and_is_left_alone(string file, string version)
    {
        string path = Path.Combine(_folder.Path, "leases", "pull-1");
        var store = Open();
        using (var lease = store.Lease())
            store.Put("content"u8, lease);
        File.WriteAllText(path, file);
        Clock.Advance(TimeSpan.FromDays(2));
        store = Open();
        Assert.Equal([$"{path} has version {version} of its format, and this release knows none newer than 1: it is left alone"], store.LeftAlone);
        Assert.Equal(0, store.Collect(() => []));
        Assert.Throws<NewerVersionException>(() => store.Lease("pull-1"));
        using (store.Lease("pull-2"))
            Assert.Equal(file, File.ReadAllText(path));

        File.Delete(path);
        Assert.Equal(1, Open().Collect(() => []));
    }

    [Fact]
    public void Leftovers_of_a_crash_go_at_open()
    {
        Open();
        File.WriteAllText(Path.Combine(_folder.Path, "ingest", ".new-7"), "half");
        File.WriteAllText(Path.Combine(_folder.Path, "ingest", "7"), "half, of an earlier version");
        File.WriteAllText(Path.Combine(_folder.Path, "blobs", "sha256", ".new-1-1-x"), "half");
        var store = Open();
        Assert.Empty(store.List());
        Assert.Equal(["oci-layout"], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    /// <summary>The steps of a commit, each as a kill after it leaves the disk.</summary>
    [Fact]
    public async Task A_kill_at_any_step_leaves_what_can_be_gone_on_with_or_goes()
    {
        byte[] content = Encoding.UTF8.GetBytes("content");
        var digest = Digest.OfSha256(content);
        string partial = Path.Combine(_folder.Path, "ingest", $"sha256-{digest.Hex}"), lease = Path.Combine(_folder.Path, "leases", "pull-1");

        // 1. The lease names the blob; nothing of it came.
        Open();
        File.WriteAllText(lease, $"\n{digest}\n");
        var store = Open();
        Assert.Equal(0, store.Collect(() => []));
        Assert.Empty(store.Partials());

        // 2. All of it came and was not committed.
        File.WriteAllBytes(partial, content);
        store = Open();
        using (var handle = store.Lease("pull-1"))
        using (var writer = await store.OpenWriterAsync(digest, content.Length, handle, default))
        {
            Assert.Equal(content.Length, writer!.Offset);
            await writer.CommitAsync(default);
        }

        // 3. The blob is there, its lease not ended; a line of it was cut off.
        File.AppendAllText(lease, "\nsha256:0123");
        store = Open();
        Assert.Equal(0, store.Collect(() => []));
        using (var handle = store.Lease("pull-1"))
        {
            store.Put("more"u8, handle);
        }

        store = Open();
        Assert.Equal(0, store.Collect(() => []));
        Assert.Equal(2, store.List().Count);

        // 4. The lease is ended; nothing refers to the blobs.
        File.Delete(lease);
        store = Open();
        Assert.Equal(2, store.Collect(() => []));
        Assert.Equal(["oci-layout"], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public async Task More_than_there_can_be_is_no_beginning()
    {
        byte[] content = Encoding.UTF8.GetBytes("content");
        var digest = Digest.OfSha256(content);
        var store = Open();
        File.WriteAllText(Path.Combine(_folder.Path, "ingest", $"sha256-{digest.Hex}"), "more than the content");
        using var lease = store.Lease();
        using var writer = await store.OpenWriterAsync(digest, content.Length, lease, default);
        Assert.Equal(0, writer!.Offset);
        await writer.WriteAsync(content, default);
        await writer.CommitAsync(default);
        Assert.Equal(content, store.Read(digest));
    }

    [Fact]
    public async Task A_full_disk_is_told_and_what_came_stays()
    {
        string small = Path.Combine(_folder.Path, "small");
        Directory.CreateDirectory(small);
        Shell.Run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small);
        try
        {
            var store = ContentStore.Open(small);
            byte[] content = new byte[3 << 20];
            using var lease = store.Lease();
            using (var writer = await store.OpenWriterAsync(Digest.OfSha256(content), content.Length, lease, default))
            {
                await writer!.WriteAsync(content.AsMemory(0, 1 << 19), default);
                await Assert.ThrowsAsync<IOException>(async () => await writer.WriteAsync(content.AsMemory(1 << 19), default));
                await Assert.ThrowsAsync<InvalidOperationException>(() => writer.CommitAsync(default));
            }

            Assert.InRange(Assert.Single(store.Partials()).Received, 1 << 19, 1 << 20);
        }
        finally
        {
            Shell.Run("umount", "-l", small);
        }
    }
}
