using System.Security.Cryptography;
using Hafen.Errors;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Snapshots;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;

namespace Hafen.Images.Load;

/// <summary>
/// Reads an archive once from front to end. What the layers belong to may be told only at the end, so each is unpacked on the side while it arrives,
/// several at a time; nothing of it is visible before the images are committed.
/// </summary>
internal sealed class LoadArchive : IDisposable
{
    /// <summary>Bytes of a document; one that is longer is none of an image's.</summary>
    public const int MaxDocument = 8 << 20;

    private const int ParallelLayers = 4;
    // Compressed layers arrive faster than they are unpacked: so many blocks may wait, and meanwhile the next layer begins.
    private const int QueuedBlocks = 64;
    private const long ProgressStep = 1 << 20;

    private readonly ILayerStore _store;
    private readonly IProgress<LayerProgress>? _progress;
    private readonly BlockPool _pool;
    private readonly CancellationToken _cancellationToken;
    private readonly ArchiveContent _content = new();
    private readonly SemaphoreSlim _slots = new(ParallelLayers);
    private readonly List<(string Path, Digest? Expected, Task<StagedLayer> Layer)> _unpacking = [];

    private LoadArchive(ILayerStore store, IProgress<LayerProgress>? progress, BlockPool pool, CancellationToken cancellationToken)
    {
        _store = store;
        _progress = progress;
        _pool = pool;
        _cancellationToken = cancellationToken;
    }

    /// <exception cref="ImageException">No archive, a broken or a hostile one; nothing is left behind.</exception>
    public static async Task<ArchiveContent> ReadAsync(Stream archive, ILayerStore store, IProgress<LayerProgress>? progress, CancellationToken cancellationToken)
    {
        using BlockPool pool = new();
        using LoadArchive load = new(store, progress, pool, cancellationToken);
        try
        {
            return await StreamPump.FeedAsync(archive, pool, load.ReadAsync, cancellationToken);
        }
        catch (LayerException exception)
        {
            throw new ImageException(ErrorKind.InvalidParameter, exception.Message, exception);
        }
    }

    /// <summary>The content is the caller's; only what the reading needed goes.</summary>
    public void Dispose() => _slots.Dispose();

    private async Task<ArchiveContent> ReadAsync(BlockQueue raw)
    {
        try
        {
            await Task.Factory.StartNew(() => Read(raw), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            await FinishLayersAsync();
            return _content;
        }
        catch
        {
            await FinishLayersAsync();
            _content.Dispose();
            throw;
        }
    }

    private void Read(BlockQueue raw)
    {
        using BlockInput input = new(raw);
        var kind = Decompression.Detect(input.Peek());
        if (kind == CompressionKind.None)
        {
            ReadTar(input);
            return;
        }

        BlockQueue plain = new(_pool);
        using var abort = _cancellationToken.UnsafeRegister(_ => plain.Abort(new OperationCanceledException(_cancellationToken)), null);
        var decompression = Task.Factory.StartNew(
            () =>
            {
                try
                {
                    Decompression.Run(kind, input, plain, null);
                    plain.Complete();
                }
                catch (Exception exception)
                {
                    plain.Complete(exception);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        try
        {
            using BlockInput decompressed = new(plain);
            ReadTar(decompressed);
        }
        catch (Exception exception)
        {
            plain.Abort(exception);
            raw.Abort(exception);
            throw;
        }
        finally
        {
            decompression.Wait(CancellationToken.None);
        }
    }

    private void ReadTar(BlockInput input)
    {
        TarReader tar = new(input);
        bool any = false;
        while (tar.Next() is { } entry)
        {
            any = true;
            _cancellationToken.ThrowIfCancellationRequested();
            string path = BytePath.ToText(EntryPath.Clean(entry.Name));
            switch (entry.Type)
            {
                case TarType.File:
                    ReadFile(tar, entry, path);
                    break;
                case TarType.SymbolicLink:
                    AddLink(path, EntryPath.Clean($"{BytePath.Parent(entry.Name)}/{entry.LinkName}", "link target"));
                    break;
                case TarType.HardLink:
                    AddLink(path, EntryPath.Clean(entry.LinkName, "hard link target"));
                    break;
            }
        }

        if (!any)
            throw new LayerException("the archive is empty");
        // The end must have been reached in order: a compressed archive tells of its damage only there.
        tar.ReadTrailer();
    }

    private void AddLink(string path, string target)
    {
        if (_content.Reserve(path, target.Length * 2L))
            _content.AddLink(path, BytePath.ToText(target));
    }

    private void ReadFile(TarReader tar, TarEntry entry, string path)
    {
        var head = ReadBlock(tar);
        var hint = DigestInName(path);
        if (!ArchiveFile.IsLayer(path, head.Filled, entry.Size))
        {
            byte[] beginning = head.Filled.ToArray();
            head.Recycle();
            ReadDocument(tar, entry, path, beginning, hint);
        }
        else if (hint is { } known && ArchiveFile.IsPlainTar(head.Filled, entry.Size) && _store.FindByDiffId(known) is { } place && _store.Hold(place) is { } lease)
        {
            // Until the images are committed somebody may remove those it belongs to now.
            VerifyKnown(tar, path, head, known, lease);
        }
        else
        {
            Unpack(tar, entry, path, head, hint);
        }
    }

    /// <summary>Data of the entry, a whole block if there is so much.</summary>
    private Block ReadBlock(TarReader tar)
    {
        var block = _pool.Rent();
        try
        {
            while (tar.DataRemaining > 0 && block.Length < Block.Capacity)
            {
                var piece = tar.PeekData();
                int count = Math.Min(piece.Length, block.Free.Length);
                piece[..count].CopyTo(block.Free);
                block.Length += count;
                tar.AdvanceData(count);
            }

            return block;
        }
        catch
        {
            block.Recycle();
            throw;
        }
    }

    private void ReadDocument(TarReader tar, TarEntry entry, string path, byte[] content, Digest? hint)
    {
        if (entry.Size > MaxDocument)
        {
            _content.PassOver();
            return;
        }

        if (!_content.Reserve(path, entry.Size))
            return;
        if (tar.DataRemaining > 0)
            content = [.. content, .. tar.ReadData(MaxDocument)];
        if (hint is { } expected && path.StartsWith("blobs/", StringComparison.Ordinal) && Digest.OfSha256(content) is var found && found != expected)
        {
            throw new LayerException($"digest mismatch: {path} has the digest {found}");
        }

        _content.AddDocument(path, content);
    }

    private void VerifyKnown(TarReader tar, string path, Block head, Digest known, IDisposable lease)
    {
        bool held = false;
        try
        {
            _content.ReserveLayer(path);
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(head.Filled);
            head.Recycle();
            for (var piece = tar.PeekData(); !piece.IsEmpty; piece = tar.PeekData())
            {
                hash.AppendData(piece);
                tar.AdvanceData(piece.Length);
            }

            var found = Digest.FromSha256(hash.GetHashAndReset());
            held = found == known;
            _content.AddLayer(path, held ? new ArchiveLayer(known, lease) : new ArchiveLayer(Mismatch(path, found)));
        }
        finally
        {
            if (!held)
                lease.Dispose();
        }
    }

    private void Unpack(TarReader tar, TarEntry entry, string path, Block head, Digest? expected)
    {
        try
        {
            _content.ReserveLayer(path);
            _slots.Wait(_cancellationToken);
        }
        catch
        {
            head.Recycle();
            throw;
        }

        BlockQueue queue = new(_pool, QueuedBlocks);
        _unpacking.Add((path, expected, UnpackAsync(queue)));
        string name = expected?.Hex ?? BytePath.Name(BytePath.Parent(path));
        if (name.Length > 12)
            name = name[..12];
        try
        {
            queue.Add(head);
            Forward(tar, entry, queue, name);
            queue.Complete();
        }
        catch (PipelineAbortedException)
        {
            // The layer is broken; whether that matters is known when the manifest is. The reader skips what is left of it.
        }
        catch (Exception exception)
        {
            queue.Complete(exception);
            throw;
        }
    }

    private void Forward(TarReader tar, TarEntry entry, BlockQueue queue, string name)
    {
        long reported = 0;
        while (tar.TakeData() is { } block)
        {
            queue.Add(block);
            long current = entry.Size - tar.DataRemaining;
            if (current - reported < ProgressStep && tar.DataRemaining > 0)
                continue;
            reported = current;
            _progress?.Report(new LayerProgress(name, current, entry.Size));
        }
    }

    private async Task<StagedLayer> UnpackAsync(BlockQueue queue)
    {
        try
        {
            return await _store.StageAsync(queue, _cancellationToken);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task FinishLayersAsync()
    {
        foreach (var (path, expected, unpacking) in _unpacking)
        {
            try
            {
                var staged = await unpacking;
                if (expected is null || expected == staged.BlobDigest)
                {
                    _content.AddLayer(path, new ArchiveLayer(staged));
                    continue;
                }

                staged.Dispose();
                _content.AddLayer(path, new ArchiveLayer(Mismatch(path, staged.BlobDigest)));
            }
            catch (Exception exception)
            {
                _content.AddLayer(path, new ArchiveLayer(exception));
            }
        }

        _unpacking.Clear();
    }

    private static LayerException Mismatch(string path, Digest found) => new($"digest mismatch: {path} has the digest {found}");

    /// <summary>The digest a file is named by: <c>blobs/sha256/&lt;hex&gt;</c>, or <c>&lt;hex&gt;.tar</c> as skopeo writes.</summary>
    private static Digest? DigestInName(string path)
    {
        string name = path.StartsWith("blobs/sha256/", StringComparison.Ordinal) ? path["blobs/sha256/".Length..]
            : path.EndsWith(".tar", StringComparison.Ordinal) ? path[..^".tar".Length]
            : "";
        return Digest.TryParse("sha256:" + name, out var digest) ? digest : null;
    }
}
