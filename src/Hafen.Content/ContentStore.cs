using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Oci.Images;

namespace Hafen.Content;

/// <summary>
/// Blobs in a folder: <c>blobs/&lt;algorithm&gt;/&lt;hex&gt;</c>, arriving in <c>ingest/</c> and renamed when they are whole and on the disk.
/// </summary>
public sealed class ContentStore : IContentStore
{
    private readonly string _blobs;
    private readonly string _ingest;
    private long _serial;

    private ContentStore(string root)
    {
        _blobs = Path.Combine(root, "blobs");
        _ingest = Path.Combine(root, "ingest");
    }

    /// <summary>Opens the store below <paramref name="root"/>, making it if need be, and removes what a crash has left half received.</summary>
    public static ContentStore Open(string root)
    {
        ContentStore store = new(root);
        Directory.CreateDirectory(root);
        foreach (string folder in (string[])[store._blobs, Path.Combine(store._blobs, "sha256"), store._ingest])
        {
            int result = TreeCalls.MakeDirectory(TreeCalls.AT_FDCWD, BytePath.FromText(folder), 0x1C0);
            if (result != -Errno.EEXIST) TreeCalls.Check(result, "mkdir", folder);
        }

        foreach (string left in Directory.EnumerateFiles(store._ingest)) File.Delete(left);
        foreach (string left in Directory.EnumerateFiles(store._blobs, AtomicFile.TemporaryPrefix + "*", SearchOption.AllDirectories)) File.Delete(left);
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
        catch (FileNotFoundException)
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
        catch (FileNotFoundException)
        {
            throw Missing(digest);
        }
    }

    public Digest Put(ReadOnlySpan<byte> content)
    {
        var digest = Digest.OfSha256(content);
        if (!Has(digest)) AtomicFile.Write(PathOf(digest), content);
        return digest;
    }

    public async Task<Digest> IngestAsync(Stream content, Digest? expected, CancellationToken cancellationToken)
    {
        var algorithm = expected is { Algorithm: "sha512" } ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256;
        string temporary = Path.Combine(_ingest, Interlocked.Increment(ref _serial).ToString(CultureInfo.InvariantCulture));
        try
        {
            var digest = await ReceiveAsync(content, temporary, algorithm, cancellationToken).ConfigureAwait(false);
            if (expected is { } wanted && wanted != digest) throw new DigestMismatchException(wanted, digest);
            string path = PathOf(digest);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            SyncFolder(Path.GetDirectoryName(path)!);
            return digest;
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    public void Delete(Digest digest) => File.Delete(PathOf(digest));

    public IReadOnlyList<Digest> List()
    {
        List<Digest> digests = [];
        foreach (string folder in Directory.EnumerateDirectories(_blobs))
        {
            foreach (string file in Directory.EnumerateFiles(folder))
            {
                if (Digest.TryParse($"{Path.GetFileName(folder)}:{Path.GetFileName(file)}", out var digest)) digests.Add(digest);
            }
        }

        return digests;
    }

    public int Collect(IReadOnlySet<Digest> live)
    {
        var dead = List().Where(d => !live.Contains(d)).ToList();
        dead.ForEach(Delete);
        return dead.Count;
    }

    private static async Task<Digest> ReceiveAsync(Stream content, string path, HashAlgorithmName algorithm, CancellationToken cancellationToken)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(128 * 1024);
        try
        {
            using var hash = IncrementalHash.CreateHash(algorithm);
            await using FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 0, FileOptions.None);
            while (true)
            {
                int count = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (count == 0) break;
                hash.AppendData(buffer, 0, count);
                await file.WriteAsync(buffer.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            }

            file.Flush(flushToDisk: true);
            return Digest.Parse($"{algorithm.Name!.ToLowerInvariant()}:{Convert.ToHexStringLower(hash.GetHashAndReset())}");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void SyncFolder(string path)
    {
        int folder = TreeCalls.Check(TreeCalls.Open(TreeCalls.AT_FDCWD, BytePath.FromText(path), TreeCalls.O_RDONLY | TreeCalls.O_DIRECTORY), "open", path);
        int result = TreeCalls.Sync(folder);
        _ = TreeCalls.Close(folder);
        TreeCalls.Check(result, "fsync", path);
    }

    private string PathOf(Digest digest) => Path.Combine(_blobs, digest.Algorithm, digest.Hex);

    private static KeyNotFoundException Missing(Digest digest) => new($"blob {digest} does not exist");
}
