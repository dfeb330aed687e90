using System.Text.Json;
using Hafen.Linux.FileSystem;
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
    // Taken before _gate by whoever changes the set of layers.
    private readonly Lock _commitGate = new();

    public async Task<StagedLayer> StageAsync(BlockQueue source, CancellationToken cancellationToken)
    {
        string id = ReserveFolder();
        UnpackedLayer? unpacked = null;
        try
        {
            TreeCalls.Check(TreeCalls.MakeDirectory(_layersFolder, id, DefaultRootMode), "mkdir", id);
            TreeCalls.Check(TreeCalls.ChangeMode(_layersFolder, id, DefaultRootMode), "chmod", id);
            TreeCalls.Check(TreeCalls.MakeDirectory(_stagingFolder, id, 0x1C0), "mkdir", id);
            TreeCalls.Check(TreeCalls.MakeDirectory(_stagingFolder, $"{id}/{ReplacedName}", 0x1C0), "mkdir", id);

            LayerPipeline pipeline = new(source);
            await pipeline.RunAsync(input => unpacked = Unpack(id, input, cancellationToken), cancellationToken);
            cancellationToken.ThrowIfCancellationRequested();
            return new StagedLayer(id, unpacked!.ImplicitFolders, () => Discard(id))
            {
                DiffId = pipeline.DiffId,
                BlobDigest = pipeline.BlobDigest,
                TarSize = pipeline.TarSize,
                Size = unpacked.Size,
            };
        }
        catch (Exception exception)
        {
            source.Abort(exception);
            unpacked?.ImplicitFolders.Dispose();
            Discard(id);
            var explained = LayerPipeline.Explain(exception);
            if (explained == exception)
                throw;
            throw explained;
        }
    }

    public void Commit(IReadOnlyList<LayerPlacement> placements)
    {
        // Snapshots are made and removed meanwhile; only the set of layers stands still.
        lock (_commitGate)
        {
            Dictionary<Digest, LayerPlace> places;
            lock (_gate)
                places = _layers.ToDictionary(l => l.Key, l => new LayerPlace(l.Value.Record.Folder, l.Value.Info.Parent));
            List<(LayerPlacement Placement, LayerRecord Record)> records = [];
            foreach (var placement in placements)
            {
                if (ChainIds.Next(placement.Parent, placement.Layer.DiffId) != placement.ChainId)
                {
                    throw new LayerException($"digest mismatch: a layer with the diff ID {placement.Layer.DiffId} does not make the chain ID {placement.ChainId}");
                }

                if (places.ContainsKey(placement.ChainId))
                    continue;
                if (placement.Parent is { } parent && !places.ContainsKey(parent))
                    throw new InvalidOperationException($"layer {placement.ChainId}: the layer below, {parent}, is not there");
                FolderInheritance.Apply(_layersFolder, placement.Layer, FoldersBelow(placement.Parent, places));
                placement.Layer.ImplicitFolders.Dispose();
                places[placement.ChainId] = new LayerPlace(placement.Layer.Id, placement.Parent);
                records.Add((placement, WriteRecord(placement)));
            }

            foreach (var (placement, record) in records)
            {
                TreeCalls.Check(TreeCalls.Rename(_stagingFolder, record.Folder, _chainsFolder, placement.ChainId.Hex), "rename", record.Folder);
                placement.Layer.Keep();
                lock (_gate)
                    Add(placement.ChainId, record);
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
        };
        File.WriteAllBytes($"{_root}/staging/{record.Folder}/{RecordName}", JsonSerializer.SerializeToUtf8Bytes(record, LayerRecordJson.Default.LayerRecord));
        File.WriteAllText($"{_root}/staging/{record.Folder}/{LayerSync.Mark}", LayerSync.BootId);
        return record;
    }

    private UnpackedLayer Unpack(string id, BlockInput input, CancellationToken cancellationToken)
    {
        int root = TreeCalls.Check(TreeCalls.Open(_layersFolder, id, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", id);
        int replaced = TreeCalls.Open(_stagingFolder, $"{id}/{ReplacedName}", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
        try
        {
            TreeCalls.Check(replaced, "open", id);
            using RecipeWriter recipe = new($"{_root}/staging/{id}/{RecipeName}");
            using LayerUnpacker unpacker = new(root, replaced, $"{_root}/staging/{id}", new TarReader(input, recipe), recipe, cancellationToken);
            try
            {
                unpacker.Run();
            }
            catch
            {
                unpacker.ImplicitFolders.Dispose();
                throw;
            }

            return new UnpackedLayer(unpacker.Size, unpacker.ImplicitFolders);
        }
        finally
        {
            if (replaced >= 0)
                _ = TreeCalls.Close(replaced);
            _ = TreeCalls.Close(root);
        }
    }

    private void Discard(string id)
    {
        _trash.Throw(_stagingFolder, id);
        _trash.Throw(_layersFolder, id);
        lock (_gate)
            _folderNames.Remove(id);
    }

    private static List<string> FoldersBelow(Digest? parent, Dictionary<Digest, LayerPlace> places)
    {
        List<string> folders = [];
        for (var at = parent; at is { } below; at = places[below].Parent)
            folders.Add(places[below].Folder);
        return folders;
    }

    private readonly record struct LayerPlace(string Folder, Digest? Parent);

    private sealed record UnpackedLayer(long Size, ImplicitFolders ImplicitFolders);
}
