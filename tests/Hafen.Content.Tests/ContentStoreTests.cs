using System.Text;
using Hafen.Oci;
using Hafen.Snapshots.Tests;

namespace Hafen.Content.Tests;

public sealed class ContentStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_stored_is_found_under_its_digest()
    {
        var store = ContentStore.Open(_folder.Path);
        byte[] content = Encoding.UTF8.GetBytes("content");
        var digest = Digest.OfSha256(content);

        Assert.Equal(digest, await store.IngestAsync(new MemoryStream(content), digest, default));
        Assert.Equal(digest, store.Put(content));

        Assert.True(store.Has(digest));
        Assert.Equal(content.Length, store.Size(digest));
        Assert.Equal(content, store.Read(digest));
        Assert.Equal([digest], store.List());
        Assert.Equal(content, File.ReadAllBytes(Path.Combine(_folder.Path, "blobs", "sha256", digest.Hex)));
        Assert.Contains("1.0.0", File.ReadAllText(Path.Combine(_folder.Path, "oci-layout")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_bytes_than_expected_are_refused_and_leave_nothing()
    {
        var store = ContentStore.Open(_folder.Path);
        var expected = Digest.OfSha256("expected"u8);
        var error = await Assert.ThrowsAsync<DigestMismatchException>(() => store.IngestAsync(new MemoryStream("other"u8.ToArray()), expected, default));
        Assert.Equal(Digest.OfSha256("other"u8), error.Found);
        Assert.Empty(store.List());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.Path, "ingest")));
    }

    [Fact]
    public async Task A_source_that_fails_leaves_nothing()
    {
        var store = ContentStore.Open(_folder.Path);
        await Assert.ThrowsAsync<IOException>(() => store.IngestAsync(new FailingStream(), null, default));
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(_folder.Path, "ingest")));
    }

    [Fact]
    public void Leftovers_of_a_crash_go_at_open()
    {
        ContentStore.Open(_folder.Path);
        File.WriteAllText(Path.Combine(_folder.Path, "ingest", "7"), "half");
        File.WriteAllText(Path.Combine(_folder.Path, "blobs", "sha256", ".new-1-1-x"), "half");
        var store = ContentStore.Open(_folder.Path);
        Assert.Empty(store.List());
        Assert.Equal(["oci-layout"], Directory.EnumerateFiles(_folder.Path, "*", SearchOption.AllDirectories).Select(Path.GetFileName));
    }

    [Fact]
    public void Collection_keeps_the_living()
    {
        var store = ContentStore.Open(_folder.Path);
        var live = store.Put("live"u8);
        var dead = store.Put("dead"u8);
        Assert.Equal(1, store.Collect(new HashSet<Digest> { live }));
        Assert.True(store.Has(live));
        Assert.Throws<KeyNotFoundException>(() => store.Read(dead));
        Assert.Throws<KeyNotFoundException>(() => store.OpenRead(dead));
        Assert.Throws<KeyNotFoundException>(() => store.Size(dead));
    }

    private sealed class FailingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("connection reset");
    }
}
