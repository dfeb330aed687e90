using System.Text;
using System.Text.Json;
using Hafen.Oci;
using Hafen.Oci.Images;
using Microsoft.Extensions.Time.Testing;

namespace Hafen.Content.Tests.Contracts;

/// <summary>What every content store does, whatever it keeps its blobs in.</summary>
public abstract class ContentStoreContract
{
    private static readonly byte[] s_content = Encoding.UTF8.GetBytes("the content of a blob");
    private static readonly Digest s_digest = Digest.OfSha256(s_content);

    protected FakeTimeProvider Clock { get; } = new(DateTimeOffset.UtcNow);

    /// <summary>Opens the store of this test, again each time: what a process leaves is there for the next.</summary>
    protected abstract IContentStore Open(TimeSpan? limit = null);

    [Theory]
    [InlineData("")]
    [InlineData("content")]
    public async Task What_is_stored_is_found_under_its_digest(string text)
    {
        var store = Open();
        byte[] content = Encoding.UTF8.GetBytes(text);
        var digest = Digest.OfSha256(content);
        using var lease = store.Lease();

        Assert.Equal(digest, await store.IngestAsync(new MemoryStream(content), digest, lease, default));
        Assert.Equal(digest, store.Put(content, lease));
        Assert.Null(await store.OpenWriterAsync(digest, content.Length, lease, default));

        Assert.True(store.Has(digest));
        Assert.Equal(content.Length, store.Size(digest));
        Assert.Equal(content, store.Read(digest));
        Assert.Equal([digest], store.List());
        using MemoryStream read = new();
        await using (var stream = store.OpenRead(digest))
            await stream.CopyToAsync(read);
        Assert.Equal(content, read.ToArray());
    }

    [Fact]
    public void What_is_not_there_is_told()
    {
        var store = Open();
        Assert.False(store.Has(s_digest));
        Assert.Throws<KeyNotFoundException>(() => store.Read(s_digest));
        Assert.Throws<KeyNotFoundException>(() => store.OpenRead(s_digest));
        Assert.Throws<KeyNotFoundException>(() => store.Size(s_digest));
        Assert.Throws<KeyNotFoundException>(() => store.Read(Digest.Parse("sha512:" + new string('0', 128))));
        using var lease = store.Lease();
        Assert.False(lease.TryHold(s_digest));
    }

    [Fact]
    public async Task Other_bytes_than_expected_are_refused_and_leave_nothing()
    {
        var store = Open();
        using var lease = store.Lease();
        var expected = Digest.OfSha256("expected"u8);
        var error = await Assert.ThrowsAsync<DigestMismatchException>(() => store.IngestAsync(new MemoryStream("other"u8.ToArray()), expected, lease, default));
        Assert.Equal(Digest.OfSha256("other"u8), error.Found);

        using (var writer = await store.OpenWriterAsync(expected, 8, lease, default))
        {
            await writer!.WriteAsync("unlooked"u8.ToArray(), default);
            Assert.Equal(expected, (await Assert.ThrowsAsync<DigestMismatchException>(() => writer.CommitAsync(default))).Expected);
        }

        Assert.Empty(store.List());
        Assert.Empty(store.Partials());
    }

    [Fact]
    public async Task A_source_that_fails_leaves_nothing()
    {
        var store = Open();
        using var lease = store.Lease();
        await Assert.ThrowsAsync<IOException>(() => store.IngestAsync(new FailingStream(), null, lease, default));
        Assert.Empty(store.List());
        Assert.Empty(store.Partials());
    }

    [Fact]
    public async Task Both_algorithms_of_the_specification_are_known()
    {
        var store = Open();
        using var lease = store.Lease();
        var digest = Digest.Parse("sha512:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA512.HashData(s_content)));
        await WriteAsync(store, lease, s_content, digest);
        Assert.Equal([digest], store.List());
        Assert.Equal(digest, await store.IngestAsync(new MemoryStream(s_content), digest, lease, default));
    }

    [Fact]
    public async Task A_download_goes_on_where_it_stopped()
    {
        using (var writer = await OpenAsync(Open()))
        {
            await writer.WriteAsync(s_content.AsMemory(0, 4), default);
            await writer.WriteAsync(s_content.AsMemory(4, 3), default);
        }

        // Another process.
        var store = Open();
        var partial = Assert.Single(store.Partials());
        Assert.Equal((s_digest, 7), (partial.Expected, partial.Received));
        Assert.False(store.Has(s_digest));
        using (var writer = await OpenAsync(store))
        {
            Assert.Equal(7, writer.Offset);
            await writer.WriteAsync(s_content.AsMemory(7), default);
            Assert.Equal(s_content.Length, writer.Offset);
            await writer.CommitAsync(default);
        }

        Assert.Equal(s_content, store.Read(s_digest));
        Assert.Empty(store.Partials());
    }

    [Fact]
    public async Task A_sender_that_cannot_go_on_begins_anew()
    {
        var store = Open();
        using (var writer = await OpenAsync(store))
            await writer.WriteAsync("not even the right bytes"u8[..9].ToArray(), default);
        using (var writer = await OpenAsync(store))
        {
            writer.Restart();
            Assert.Equal(0, writer.Offset);
            await writer.WriteAsync(s_content, default);
            await writer.CommitAsync(default);
        }

        Assert.Equal(s_content, store.Read(s_digest));
    }

    [Fact]
    public async Task Bytes_that_were_spoiled_on_the_way_are_thrown_away_at_the_commit()
    {
        var store = Open();
        using (var writer = await OpenAsync(store))
            await writer.WriteAsync(new byte[10], default);
        using (var writer = await OpenAsync(store))
        {
            await writer.WriteAsync(s_content.AsMemory(10), default);
            await Assert.ThrowsAsync<DigestMismatchException>(() => writer.CommitAsync(default));
        }

        Assert.Empty(store.Partials());
        using var again = await OpenAsync(store);
        Assert.Equal(0, again.Offset);
    }

    [Fact]
    public async Task Too_few_bytes_are_kept_and_too_many_are_not()
    {
        var store = Open();
        using (var writer = await OpenAsync(store))
        {
            await writer.WriteAsync(s_content.AsMemory(0, 5), default);
            var error = await Assert.ThrowsAsync<SizeMismatchException>(() => writer.CommitAsync(default));
            Assert.Equal((s_content.Length, 5), (error.Expected, error.Found));
            // It is not at its end: the rest may still come.
            await writer.WriteAsync(s_content.AsMemory(5, 1), default);
        }

        Assert.Equal(6, Assert.Single(store.Partials()).Received);
        using (var writer = await OpenAsync(store))
        {
            byte[] rest = [.. s_content[6..], 0];
            await Assert.ThrowsAsync<SizeMismatchException>(async () => await writer.WriteAsync(rest, default));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await writer.WriteAsync(s_content, default));
        }

        Assert.Empty(store.Partials());
        Assert.False(store.Has(s_digest));
    }

    [Fact]
    public async Task A_descriptor_with_another_size_than_the_blob_is_refused()
    {
        var store = Open();
        using var lease = store.Lease();
        store.Put(s_content, lease);
        await Assert.ThrowsAsync<SizeMismatchException>(() => store.OpenWriterAsync(s_digest, s_content.Length + 1, lease, default));
    }

    [Fact]
    public async Task What_is_given_up_is_gone()
    {
        var store = Open();
        using (var writer = await OpenAsync(store))
        {
            await writer.WriteAsync(s_content.AsMemory(0, 5), default);
            writer.Abort();
        }

        Assert.Empty(store.Partials());
        using (await OpenAsync(store))
        {
            // Nothing came.
        }

        Assert.Empty(store.Partials());
    }

    [Fact]
    public async Task A_second_writer_waits_and_finds_the_blob_or_goes_on()
    {
        var store = Open();
        using var lease = store.Lease();
        var first = await OpenAsync(store);
        await first.WriteAsync(s_content.AsMemory(0, 8), default);
        var second = store.OpenWriterAsync(s_digest, s_content.Length, lease, default);
        var third = store.OpenWriterAsync(s_digest, s_content.Length, lease, default);
        await Task.Delay(20);
        Assert.False(second.IsCompleted || third.IsCompleted);

        // The first one loses its connection; whoever is next goes on and brings it to the end, and for the last it is there.
        first.Dispose();
        var next = await await Task.WhenAny(second, third);
        Assert.Equal(8, next!.Offset);
        await next.WriteAsync(s_content.AsMemory(8), default);
        await next.CommitAsync(default);
        next.Dispose();
        Assert.Contains(null, await Task.WhenAll(second, third));
        Assert.Equal(s_content, store.Read(s_digest));
    }

    [Fact]
    public async Task A_writer_waits_no_longer_than_it_may()
    {
        var store = Open(TimeSpan.FromMilliseconds(30));
        using var lease = store.Lease();
        using (await OpenAsync(store))
            await Assert.ThrowsAsync<ContentBusyException>(() => store.OpenWriterAsync(s_digest, s_content.Length, lease, default));
        using var cancel = new CancellationTokenSource();
        using (await OpenAsync(store))
        {
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => store.OpenWriterAsync(s_digest, s_content.Length, lease, cancel.Token));
        }

        // Nobody's turn was lost.
        using var after = await OpenAsync(store);
    }

    [Fact]
    public async Task What_is_left_alone_for_too_long_goes_and_what_is_written_stays()
    {
        var store = Open();
        using (var left = await OpenAsync(store))
            await left.WriteAsync(s_content.AsMemory(0, 5), default);
        store.Collect(() => []);
        Assert.Single(store.Partials());
        using (var writer = await OpenAsync(store))
        {
            Clock.Advance(TimeSpan.FromHours(25));
            store.Collect(() => []);
            await writer.WriteAsync(s_content.AsMemory(5, 1), default);
        }

        Assert.Equal(6, Assert.Single(store.Partials()).Received);
        store.Collect(() => []);
        Assert.Empty(store.Partials());
    }

    [Fact]
    public void Collection_keeps_the_living()
    {
        var store = Open();
        Digest live, dead;
        using (var lease = store.Lease())
            (live, dead) = (store.Put("live"u8, lease), store.Put("dead"u8, lease));
        Assert.Equal(1, store.Collect(() => [new ContentRoot(live, MediaTypes.OciConfig)]));
        Assert.True(store.Has(live));
        Assert.False(store.Has(dead));
    }

    [Fact]
    public void A_lease_keeps_what_it_names_until_it_is_disposed()
    {
        var store = Open();
        var first = store.Lease();
        store.Put(s_content, first);
        using (var second = store.Lease())
        {
            Assert.True(second.TryHold(s_digest));
            first.Dispose();
            first.Dispose();
            Assert.Equal(0, store.Collect(() => []));
        }

        Assert.Throws<ObjectDisposedException>(() => store.Put(s_content, first));
        Assert.Equal(1, store.Collect(() => []));
        Assert.False(store.Has(s_digest));
    }

    [Fact]
    public async Task A_lease_keeps_a_blob_that_is_on_its_way()
    {
        var store = Open();
        using var lease = store.Lease();
        using var writer = await store.OpenWriterAsync(s_digest, s_content.Length, lease, default);
        await writer!.WriteAsync(s_content, default);
        await writer.CommitAsync(default);
        Assert.Equal(0, store.Collect(() => []));
        Assert.True(store.Has(s_digest));
    }

    [Fact]
    public void A_lease_with_a_name_outlives_the_process()
    {
        var store = Open();
        using (var lease = store.Lease("pull-1"))
            store.Put(s_content, lease);

        store = Open();
        Assert.Equal(0, store.Collect(() => []));
        // Opened again it is the same one, and ended it goes with the last who has it.
        var one = store.Lease("pull-1");
        using (var other = store.Lease("pull-1"))
            other.End();
        Assert.Equal(0, store.Collect(() => []));
        one.Dispose();
        Assert.Equal(1, store.Collect(() => []));
        Assert.Equal(0, Open().Collect(() => []));
    }

    [Fact]
    public void A_lease_with_a_name_that_nobody_uses_ends_one_day()
    {
        var store = Open();
        using (var lease = store.Lease("pull-1"))
            store.Put(s_content, lease);
        Clock.Advance(TimeSpan.FromHours(23));
        using (store.Lease("pull-1"))
            Clock.Advance(TimeSpan.FromHours(30));
        using (store.Lease("pull-1"))
        {
            Clock.Advance(TimeSpan.FromHours(30));
            Assert.Equal(0, store.Collect(() => []));
        }

        Assert.Equal(1, store.Collect(() => []));
        // Also one of a process that is gone.
        using (var lease = store.Lease("pull-2"))
            store.Put(s_content, lease);
        Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, Open().Collect(() => []));
    }

    [Fact]
    public void A_lease_of_another_store_is_refused()
    {
        using var lease = Open().Lease();
        Assert.Throws<ArgumentException>(() => Open().Put(s_content, lease));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".hidden")]
    [InlineData("../escape")]
    [InlineData("a/b")]
    [InlineData("a b")]
    public void A_name_that_is_none_is_refused(string name) => Assert.Throws<ArgumentException>(() => Open().Lease(name));

    [Fact]
    public void What_documents_refer_to_is_followed_and_only_what_they_refer_to()
    {
        var store = Open();
        using var lease = store.Lease();
        Descriptor Blob(string text, string mediaType) => Describe(store, lease, Encoding.UTF8.GetBytes(text), mediaType);
        Descriptor Document<T>(T value, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type, string mediaType)
            => Describe(store, lease, JsonSerializer.SerializeToUtf8Bytes(value, type), mediaType);

        var config = Blob("config", MediaTypes.OciConfig);
        var layer = Blob("layer", MediaTypes.OciLayerGzip);
        var shared = Blob("shared", MediaTypes.DockerLayerGzip);
        var stray = Blob("stray", MediaTypes.OciLayer);
        var one = Document(new ImageManifest { SchemaVersion = 2, Config = config, Layers = [shared, layer] }, ImageJson.Plain.ImageManifest, MediaTypes.OciManifest);
        // A blob that is named as a layer and is a manifest; a manifest that is not there; one that is no JSON.
        var other = Document(new ImageManifest { SchemaVersion = 2, Config = Blob("other", MediaTypes.DockerConfig), Layers = [shared, one] }, ImageJson.Plain.ImageManifest, MediaTypes.DockerManifest);
        var absent = new Descriptor { MediaType = MediaTypes.OciManifest, Digest = Digest.OfSha256("absent"u8).ToString() };
        var broken = Blob("{\"layers\":[", MediaTypes.OciManifest);
        var nested = Document(new ImageIndex { Manifests = [one, absent, broken] }, ImageJson.Plain.ImageIndex, MediaTypes.OciIndex);
        // Whichever of the two is looked at first: the one that names the manifest as a layer, or as a manifest.
        var turned = Document(new ImageIndex { Manifests = [other, nested] }, ImageJson.Plain.ImageIndex, MediaTypes.OciIndex);
        var index = Document(new ImageIndex { Manifests = [nested, other] }, ImageJson.Plain.ImageIndex, MediaTypes.DockerManifestList);
        int all = store.List().Count;
        lease.Dispose();

        using (var held = store.Lease())
        {
            held.TryHold(Digest.Parse(index.Digest!));
            Assert.Equal(1, store.Collect(() => [new ContentRoot(Digest.Parse(turned.Digest!), turned.MediaType)]));
        }

        Assert.Equal(1, store.Collect(() => [new ContentRoot(Digest.Parse(index.Digest!), index.MediaType)]));
        Assert.Equal(all - 2, store.List().Count);
        Assert.False(store.Has(Digest.Parse(stray.Digest!)));
        // From the manifest alone: the index, the other manifest and what only these name go.
        store.Collect(() => [new ContentRoot(Digest.Parse(one.Digest!), one.MediaType)]);
        Assert.Equal(Sorted(config, layer, shared, one), store.List().Select(digest => digest.ToString()).Order());
        // A document as a thing of its own keeps nothing but itself.
        store.Collect(() => [new ContentRoot(Digest.Parse(one.Digest!), null)]);
        Assert.Equal(Sorted(one), store.List().Select(digest => digest.ToString()));
    }

    [Fact]
    public void Documents_that_refer_to_each_other_end()
    {
        var store = Open();
        using var lease = store.Lease();
        // A digest cannot be known before its document; many ways to few documents are the loop that there can be.
        var at = Describe(store, lease, "{}"u8.ToArray(), MediaTypes.OciIndex);
        for (int i = 0; i < 40; i++)
        {
            byte[] document = JsonSerializer.SerializeToUtf8Bytes(new ImageIndex { SchemaVersion = i, Manifests = [at, at, at] }, ImageJson.Plain.ImageIndex);
            at = Describe(store, lease, document, MediaTypes.OciIndex);
        }

        lease.Dispose();
        Assert.Equal(0, store.Collect(() => [new ContentRoot(Digest.Parse(at.Digest!), at.MediaType)]));
        Assert.Equal(41, store.List().Count);
    }

    [Fact]
    public void What_comes_or_is_leased_while_a_collection_is_at_work_stays()
    {
        var store = Open();
        Digest old, taken;
        using (var lease = store.Lease())
            (old, taken) = (store.Put("old"u8, lease), store.Put("taken"u8, lease));
        var fresh = Digest.OfSha256("fresh"u8);
        int removed = store.Collect(() =>
        {
            // In the middle: somebody takes one, puts another, and ends the lease before the collection ends.
            using var lease = store.Lease();
            Assert.True(lease.TryHold(taken));
            store.Put("fresh"u8, lease);
            return [];
        });
        Assert.Equal(1, removed);
        Assert.Equal((false, true, true), (store.Has(old), store.Has(taken), store.Has(fresh)));
        Assert.Equal(2, store.Collect(() => []));
    }

    [Fact]
    public void A_collection_that_fails_removes_nothing()
    {
        var store = Open();
        using (var lease = store.Lease())
            store.Put(s_content, lease);
        Assert.Throws<TimeoutException>(() => store.Collect(() => throw new TimeoutException()));
        Assert.True(store.Has(s_digest));
        Assert.Equal(1, store.Collect(() => []));
    }

    /// <summary>Writers that make a root of what they wrote and end their lease, beside collections without end: no root ever loses its blob.</summary>
    [Fact]
    public async Task Ingest_and_collection_run_side_by_side()
    {
        var store = Open();
        System.Collections.Concurrent.ConcurrentDictionary<Digest, bool> roots = [];
        using var done = new CancellationTokenSource();
        var collecting = Task.Run(() =>
        {
            int removed = 0;
            while (!done.IsCancellationRequested)
                removed += store.Collect(() => roots.Keys.Select(digest => new ContentRoot(digest, null)).ToList());
            return removed;
        });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (int i = 0; i < 60; i++)
            {
                byte[] content = Encoding.UTF8.GetBytes($"{writer % 2} {i / 2}");
                using var lease = store.Lease();
                var digest = i % 2 == 0 ? store.Put(content, lease) : await WriteAsync(store, lease, content, Digest.OfSha256(content));
                Assert.True(store.Has(digest));
                if (i % 3 == 0)
                    continue;
                roots[digest] = true;
            }
        })));
        await done.CancelAsync();
        await collecting;
        Assert.All(roots.Keys, digest => Assert.True(store.Has(digest)));
        store.Collect(() => roots.Keys.Select(digest => new ContentRoot(digest, null)));
        Assert.Equal(roots.Count, store.List().Count);
        Assert.Empty(store.Partials());
    }

    [Fact]
    public async Task An_open_reader_goes_on_when_its_blob_is_removed()
    {
        var store = Open();
        using (var lease = store.Lease())
            store.Put(s_content, lease);
        await using var stream = store.OpenRead(s_digest);
        store.Collect(() => []);
        using MemoryStream read = new();
        await stream.CopyToAsync(read);
        Assert.Equal(s_content, read.ToArray());
    }

    private static async Task<IContentWriter> OpenAsync(IContentStore store)
    {
        using var lease = store.Lease();
        return (await store.OpenWriterAsync(s_digest, s_content.Length, lease, default))!;
    }

    private static async Task<Digest> WriteAsync(IContentStore store, IContentLease lease, byte[] content, Digest digest)
    {
        using var writer = await store.OpenWriterAsync(digest, content.Length, lease, default);
        if (writer is null)
            return digest;
        await writer.WriteAsync(content.AsMemory((int)writer.Offset), default);
        await writer.CommitAsync(default);
        return digest;
    }

    private static Descriptor Describe(IContentStore store, IContentLease lease, byte[] content, string mediaType)
        => new() { MediaType = mediaType, Digest = store.Put(content, lease).ToString(), Size = content.Length };

    private static IEnumerable<string> Sorted(params Descriptor[] descriptors) => descriptors.Select(descriptor => descriptor.Digest!).Order();

    private sealed class FailingStream : MemoryStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => throw new IOException("connection reset");
    }
}
