using System.Buffers;
using System.Security.Cryptography;
using Hafen.Content.Collection;
using Hafen.Content.Ingest;
using Hafen.Content.Leases;
using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Content;

/// <summary>
/// Blobs in a folder: <c>blobs/&lt;algorithm&gt;/&lt;hex&gt;</c>, arriving in <c>ingest/</c> and renamed when they are whole and on the disk; <c>leases/</c> holds the
/// leases that have a name.
/// </summary>
public sealed class ContentStore : IContentStore
{
    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_defaultWriterLimit = TimeSpan.FromMinutes(10);

    private readonly string _blobs;
    private readonly TimeSpan _writerLimit;
    private readonly WriterTurns _turns = new();
    private readonly PartialFiles _partials;
    private readonly LeaseTable _leases;
    // One collection at a time.
    private readonly Lock _collecting = new();

    private ContentStore(string root, ContentStoreOptions options)
    {
        _blobs = Path.Combine(root, "blobs");
        string ingest = Path.Combine(root, "ingest"), leases = Path.Combine(root, "leases");
        Directory.CreateDirectory(root);
        foreach (string folder in (string[])[_blobs, Path.Combine(_blobs, "sha256"), ingest, leases])
        {
            int result = TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, BytePath.FromText(folder), 0x1C0);
            if (result != -Errno.EEXIST)
                TreeCalls.Check(result, "mkdir", folder);
        }

        var clock = options.Clock ?? TimeProvider.System;
        _writerLimit = options.WriterLimit ?? s_defaultWriterLimit;
        _partials = new PartialFiles(ingest, _turns, clock, options.PartialLifetime ?? s_day);
        _leases = new LeaseTable(new LeaseFiles(leases, clock, options.LeaseLifetime ?? s_day));
    }

    /// <summary>Opens the store below <paramref name="root"/>, making it if need be, and removes what a crash has left that nobody can go on with.</summary>
    public static ContentStore Open(string root, ContentStoreOptions? options = null)
    {
        ContentStore store = new(root, options ?? new ContentStoreOptions());
        store._partials.Clear();
        store._partials.Expire();
        store._leases.Expire();
        foreach (string left in Directory.EnumerateFiles(store._blobs, AtomicFile.TemporaryPrefix + "*", SearchOption.AllDirectories))
            File.Delete(left);
        string layout = Path.Combine(root, OciLayout.FileName);
        if (!File.Exists(layout))
        {
            byte[] content = System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(
                new OciLayout { ImageLayoutVersion = OciLayout.Version }, ImageJson.Plain.OciLayout);
            AtomicFile.Write(layout, content);
        }

        return store;
    }

    public bool Has(Digest digest) => File.Exists(PathOf(digest));

    public long Size(Digest digest)
    {
        FileInfo file = new(PathOf(digest));
        return file.Exists ? file.Length : throw Missing(digest);
    }

    public Stream OpenRead(Digest digest)
    {
        try
        {
            return new FileStream(PathOf(digest), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, FileOptions.SequentialScan);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(digest);
        }
    }

    public byte[] Read(Digest digest)
    {
        try
        {
            return File.ReadAllBytes(PathOf(digest));
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw Missing(digest);
        }
    }

    public IReadOnlyList<Digest> List()
    {
        List<Digest> digests = [];
        foreach (string folder in Directory.EnumerateDirectories(_blobs))
        {
            foreach (string file in Directory.EnumerateFiles(folder))
            {
                if (Digest.TryParse($"{Path.GetFileName(folder)}:{Path.GetFileName(file)}", out var digest))
                    digests.Add(digest);
            }
        }

        return digests;
    }

    public IContentLease Lease() => Open(null);

    public IContentLease Lease(string name)
    {
        LeaseFiles.RequireName(name);
        return Open(name);
    }

    public Digest Put(ReadOnlySpan<byte> content, IContentLease lease)
    {
        var digest = Digest.OfSha256(content);
        Own(lease).Hold(digest);
        if (!Has(digest))
            AtomicFile.Write(PathOf(digest), content);
        return digest;
    }

    public async Task<Digest> IngestAsync(Stream content, Digest? expected, IContentLease lease, CancellationToken cancellationToken)
    {
        var own = Own(lease);
        string temporary = _partials.Unnamed();
        try
        {
            var digest = await ReceiveAsync(content, temporary, expected, cancellationToken);
            if (expected is { } wanted && wanted != digest)
                throw new DigestMismatchException(wanted, digest);
            own.Hold(digest);
            Publish(temporary, digest);
            return digest;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public async Task<IContentWriter?> OpenWriterAsync(Digest expected, long size, IContentLease lease, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        // Before it is looked for: once it is seen it must not go.
        Own(lease).Hold(expected);
        if (IsThere(expected, size))
            return null;
        var turn = await _turns.TakeAsync(expected, _writerLimit, cancellationToken) ?? throw new ContentBusyException(expected);
        bool handedOver = false;
        try
        {
            if (IsThere(expected, size))
                return null;
            var writer = await ContentWriter.OpenAsync(_partials.PathOf(expected), expected, size, turn, Publish, cancellationToken);
            handedOver = true;
            return writer;
        }
        finally
        {
            if (!handedOver)
                turn.Dispose();
        }
    }

    public IReadOnlyList<string> LeftAlone => _leases.LeftAlone;

    public IReadOnlyList<PartialContent> Partials() => _partials.List();

    public int Collect(Func<IEnumerable<ContentRoot>> roots)
    {
        lock (_collecting)
        {
            _partials.Expire();
            _leases.Expire();
            if (LeftAlone.Count > 0)
                return 0;
            // The order makes it safe: what is leased from here on stays; what comes from here on is no candidate; and a root that came too late to be asked for
            // took over from a lease that did not.
            _leases.BeginCollection();
            try
            {
                HashSet<Digest> candidates = [.. List()];
                ReachableContent.TakeOut(candidates, roots(), this);
                return candidates.Count(digest => _leases.RemoveUnlessHeld(digest, dead => File.Delete(PathOf(dead))));
            }
            finally
            {
                _leases.EndCollection();
            }
        }
    }

    internal static HashAlgorithmName AlgorithmOf(Digest? expected) => expected is { Algorithm: "sha512" } ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;

    /// <summary>What was hashed, as a digest of the same kind; the hash begins anew.</summary>
    internal static Digest DigestOf(Digest? expected, IncrementalHash hash)
        => Digest.Parse($"{expected?.Algorithm ?? "sha256"}:{Convert.ToHexStringLower(hash.GetHashAndReset())}");

    private static async Task<Digest> ReceiveAsync(Stream content, string path, Digest? expected, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            using var hash = IncrementalHash.CreateHash(AlgorithmOf(expected));
            await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.None);
            while (true)
            {
                int count = await content.ReadAsync(buffer, cancellationToken);
                if (count == 0)
                    break;
                hash.AppendData(buffer, 0, count);
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken);
            }

            file.Flush(flushToDisk: true);
            return DigestOf(expected, hash);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Makes a blob of a file that is whole and on the disk.</summary>
    private void Publish(string file, Digest digest)
    {
        string path = PathOf(digest);
        string folder = Path.GetDirectoryName(path)!;
        Directory.CreateDirectory(folder);
        File.Move(file, path, overwrite: true);
        int descriptor = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(folder), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", folder);
        int result = TreeCalls.Sync(descriptor);
        _ = TreeCalls.Close(descriptor);
        TreeCalls.Check(result, "fsync", folder);
    }

    private bool IsThere(Digest digest, long size)
    {
        FileInfo file = new(PathOf(digest));
        if (!file.Exists)
            return false;
        return file.Length == size ? true : throw new SizeMismatchException(digest, size, file.Length);
    }

    private ContentLease Open(string? name) => new(_leases, _leases.Open(name), Has);

    private ContentLease Own(IContentLease lease)
        => lease is ContentLease own && own.IsOf(_leases) ? own : throw new ArgumentException("the lease is another store's", nameof(lease));

    private string PathOf(Digest digest) => Path.Combine(_blobs, digest.Algorithm, digest.Hex);

    private static KeyNotFoundException Missing(Digest digest) => new($"blob {digest} does not exist");
}
