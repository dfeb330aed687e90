using System.Collections.Concurrent;
using System.Text.Json;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Overlay;

/// <summary>From a tar to a layer.</summary>
public sealed partial class OverlaySnapshotter
{
    private readonly ConcurrentDictionary<Digest, Task> _applying = [];
    // Taken before _gate by whoever changes the set of layers.
    private readonly Lock _commitGate = new();

    public async Task<LayerInfo> ApplyAsync(Digest chainId, Digest? parent, Stream tar, CancellationToken cancellationToken)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        // Registered before the first await, so that layers applied in order find their parents whatever the order they finish in.
        if (!_applying.TryAdd(chainId, done.Task)) throw new InvalidOperationException($"layer {chainId} is being applied already");
        try
        {
            using BlockPool pool = new();
            using var staged = await StreamPump.FeedAsync(tar, pool, queue => StageAsync(queue, cancellationToken), cancellationToken).ConfigureAwait(false);
            if (parent is { } below && _applying.TryGetValue(below, out var belowDone)) await belowDone.WaitAsync(cancellationToken).ConfigureAwait(false);
            Commit([new LayerPlacement(staged, chainId, parent)]);
            return GetLayer(chainId);
        }
        finally
        {
            _applying.TryRemove(chainId, out _);
            done.SetResult();
        }
    }

    public async Task<StagedLayer> StageAsync(BlockQueue source, CancellationToken cancellationToken)
    {
        string id = ReserveFolder();
        try
        {
            TreeCalls.Check(TreeCalls.MakeDirectory(_layersFolder, id, DefaultRootMode), "mkdir", id);
            TreeCalls.Check(TreeCalls.ChangeMode(_layersFolder, id, DefaultRootMode), "chmod", id);
            TreeCalls.Check(TreeCalls.MakeDirectory(_stagingFolder, id, 0x1C0), "mkdir", id);
            TreeCalls.Check(TreeCalls.MakeDirectory(_stagingFolder, $"{id}/{ReplacedName}", 0x1C0), "mkdir", id);

            using var abort = cancellationToken.UnsafeRegister(_ => source.Complete(new OperationCanceledException(cancellationToken)), null);
            LayerPipeline pipeline = new(source);
            StagedLayer? staged = null;
            await pipeline.RunAsync(input => staged = Unpack(id, input)).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return new StagedLayer(id, () => Discard(id))
            {
                DiffId = pipeline.DiffId,
                BlobDigest = pipeline.BlobDigest,
                TarSize = pipeline.TarSize,
                Size = staged!.Size,
                ImplicitFolders = staged.ImplicitFolders,
                Replacements = staged.Replacements,
            };
        }
        catch (Exception e)
        {
            source.Abort(e);
            Discard(id);
            var explained = LayerPipeline.Explain(e);
            if (explained == e) throw;
            throw explained;
        }
    }

    public void Commit(IReadOnlyList<LayerPlacement> placements)
    {
        // Snapshots are made and removed meanwhile; only the set of layers stands still.
        lock (_commitGate)
        {
            Dictionary<Digest, LayerPlace> places;
            lock (_gate) places = _layers.ToDictionary(l => l.Key, l => new LayerPlace(l.Value.Record.Folder, l.Value.Info.Parent));
            List<(LayerPlacement Placement, LayerRecord Record)> records = [];
            foreach (var placement in placements)
            {
                if (ChainIds.Next(placement.Parent, placement.Layer.DiffId) != placement.ChainId)
                {
                    throw new LayerException($"digest mismatch: a layer with the diff ID {placement.Layer.DiffId} does not make the chain ID {placement.ChainId}");
                }

                if (places.ContainsKey(placement.ChainId)) continue;
                if (placement.Parent is { } parent && !places.ContainsKey(parent)) throw new InvalidOperationException($"layer {placement.ChainId}: the layer below, {parent}, is not there");
                InheritFolders(placement, places);
                places[placement.ChainId] = new LayerPlace(placement.Layer.Id, placement.Parent);
                records.Add((placement, WriteRecord(placement)));
            }

            foreach (var (placement, record) in records)
            {
                TreeCalls.Check(TreeCalls.Rename(_stagingFolder, record.Folder, _chainsFolder, placement.ChainId.Hex), "rename", record.Folder);
                placement.Layer.Keep();
                lock (_gate) Add(placement.ChainId, record);
                _layerSync.Add(placement.ChainId.Hex);
            }
        }
    }

    private LayerRecord WriteRecord(LayerPlacement placement)
    {
        LayerRecord record = new()
        {
            Folder = placement.Layer.Id,
            DiffId = placement.Layer.DiffId.ToString(),
            Parent = placement.Parent?.ToString(),
            Size = placement.Layer.Size,
            TarSize = placement.Layer.TarSize,
            Replacements = placement.Layer.Replacements.Count == 0 ? null : placement.Layer.Replacements,
        };
        File.WriteAllBytes($"{_root}/staging/{record.Folder}/{RecordName}", JsonSerializer.SerializeToUtf8Bytes(record, LayerRecordJson.Default.LayerRecord));
        File.WriteAllText($"{_root}/staging/{record.Folder}/{LayerSync.Mark}", LayerSync.BootId);
        return record;
    }

    private StagedLayer Unpack(string id, BlockInput input)
    {
        int root = TreeCalls.Check(TreeCalls.Open(_layersFolder, id, TreeCalls.O_RDONLY | TreeCalls.O_DIRECTORY | TreeCalls.O_NOFOLLOW), "open", id);
        int replaced = TreeCalls.Open(_stagingFolder, $"{id}/{ReplacedName}", TreeCalls.O_RDONLY | TreeCalls.O_DIRECTORY | TreeCalls.O_NOFOLLOW);
        try
        {
            TreeCalls.Check(replaced, "open", id);
            using RecipeWriter recipe = new($"{_root}/staging/{id}/{RecipeName}");
            using LayerUnpacker unpacker = new(root, replaced, new TarReader(input, recipe), recipe);
            unpacker.Run();
            return new StagedLayer(id, static () => { })
            {
                DiffId = default,
                BlobDigest = default,
                TarSize = 0,
                Size = unpacker.Size,
                ImplicitFolders = unpacker.ImplicitFolders,
                Replacements = unpacker.Replacements,
            };
        }
        finally
        {
            if (replaced >= 0) _ = TreeCalls.Close(replaced);
            _ = TreeCalls.Close(root);
        }
    }

    private void Discard(string id)
    {
        _trash.Throw(_stagingFolder, id);
        _trash.Throw(_layersFolder, id);
        lock (_gate) _folderNames.Remove(id);
    }

    /// <summary>A folder that the layer uses without describing it must not hide the owner and mode it has below.</summary>
    private void InheritFolders(LayerPlacement placement, Dictionary<Digest, LayerPlace> places)
    {
        foreach (string path in placement.Layer.ImplicitFolders)
        {
            for (var at = placement.Parent; at is { } below; at = places[below].Parent)
            {
                if (StatIn(places[below].Folder, path, out var stat) == -Errno.ENOENT) continue;
                if (!stat.IsDirectory) break;
                string target = path.Length == 0 ? placement.Layer.Id : $"{placement.Layer.Id}/{path}";
                TreeCalls.Check(TreeCalls.ChangeOwner(_layersFolder, target, stat.Uid, stat.Gid), "chown", path);
                TreeCalls.Check(TreeCalls.ChangeMode(_layersFolder, target, stat.Permissions), "chmod", path);
                TreeCalls.Check(TreeCalls.SetTimes(_layersFolder, target, stat.Accessed, stat.Modified), "utimensat", path);
                break;
            }
        }
    }

    private int StatIn(string folder, string path, out FileStat stat)
    {
        stat = default;
        int file = TreeCalls.OpenBeneath(
            _layersFolder,
            path.Length == 0 ? folder : $"{folder}/{path}",
            TreeCalls.O_PATH | TreeCalls.O_NOFOLLOW,
            TreeCalls.RESOLVE_BENEATH | TreeCalls.RESOLVE_NO_SYMLINKS | TreeCalls.RESOLVE_NO_MAGICLINKS);
        if (file < 0) return file == -Errno.ENOENT ? file : -Errno.ELOOP;
        int result = TreeCalls.Stat(file, "", out stat);
        _ = TreeCalls.Close(file);
        return result;
    }

    private readonly record struct LayerPlace(string Folder, Digest? Parent);
}
