using System.Security.Cryptography;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Trees;

namespace Hafen.Snapshots.Overlay;

/// <summary>From a layer or a snapshot to its tar.</summary>
public sealed partial class OverlaySnapshotter
{
    /// <summary>Blocks between two stages. Few: of a client that does not read all of them wait, and there may be hundreds.</summary>
    private const int WaitingBlocks = 3;

    public async Task WriteDiffAsync(Digest chainId, Stream tar, CancellationToken cancellationToken)
    {
        var entry = GetEntry(chainId);
        using BlockPool pool = new();
        BlockQueue assembled = new(pool, WaitingBlocks), verified = new(pool, WaitingBlocks);
        // Each stage ends when its neighbour does; the one that writes throws what happened.
        var assembly = Stage.Run(() => Assemble(entry, assembled), "layer assembly");
        var verification = Stage.Run(() => Verify(entry, assembled, verified), "layer check");
        try
        {
            await StreamPump.DrainAsync(verified, tar, cancellationToken);
        }
        finally
        {
            await Task.WhenAll(assembly, verification);
        }
    }

    public IEnumerable<SnapshotChange> Changes(string key, CancellationToken cancellationToken) => Changes(key, GetSnapshot(key), cancellationToken);

    private IEnumerable<SnapshotChange> Changes(string key, SnapshotRecord record, CancellationToken cancellationToken)
    {
        using var tree = OpenTree(key, record);
        foreach (var change in SnapshotChanges.Find(Upper(tree), Below(tree), cancellationToken))
            yield return change;
        RequireThere(key, record);
    }

    public async Task<WrittenLayer> WriteChangesAsync(string key, Stream tar, CancellationToken cancellationToken)
    {
        var record = GetSnapshot(key);
        using BlockPool pool = new();
        BlockQueue assembled = new(pool, WaitingBlocks), hashed = new(pool, WaitingBlocks);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abort = AbortWith(assembled, stop.Token);
        WrittenLayer? written = null;
        var assembly = Stage.Run(() => Assemble(key, record, assembled, (tree, entries) => LayerWriter.Write(Upper(tree), Below(tree), entries, stop.Token), stop.Token), "snapshot changes");
        var hashing = Stage.Run(
            () => Hash(assembled, hashed, layer =>
            {
                written = layer;
                return null;
            }),
            "snapshot hash");
        await DrainAsync(hashed, tar, stop, Task.WhenAll(assembly, hashing), cancellationToken);
        return written!;
    }

    public async Task WriteTreeAsync(string key, Stream tar, CancellationToken cancellationToken)
    {
        var record = GetSnapshot(key);
        using BlockPool pool = new();
        BlockQueue assembled = new(pool, WaitingBlocks);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var abort = AbortWith(assembled, stop.Token);
        var assembly = Stage.Run(() => Assemble(key, record, assembled, (tree, entries) => TreeWriter.Write(Whole(tree), entries, stop.Token), stop.Token), "snapshot tree");
        await DrainAsync(assembled, tar, stop, assembly, cancellationToken);
    }

    /// <summary>Writes to the client and sees the stages end; one that finds nothing to write for long would not notice that the client is gone.</summary>
    private static async Task DrainAsync(BlockQueue queue, Stream tar, CancellationTokenSource stop, Task stages, CancellationToken cancellationToken)
    {
        try
        {
            await StreamPump.DrainAsync(queue, tar, cancellationToken);
        }
        catch
        {
            await stop.CancelAsync();
            throw;
        }
        finally
        {
            await stages;
        }
    }

    /// <summary>A stage may wait for room in the queue when nobody reads any more.</summary>
    private static CancellationTokenRegistration AbortWith(BlockQueue queue, CancellationToken cancellationToken)
        => cancellationToken.UnsafeRegister(_ => queue.Abort(new OperationCanceledException(cancellationToken)), null);

    private void Assemble(string key, SnapshotRecord record, BlockQueue queue, Action<TreeLayers, EntryWriter> write, CancellationToken cancellationToken)
    {
        try
        {
            using var tree = OpenTree(key, record);
            using BlockOutput output = new(queue);
            EntryWriter entries = new(output, cancellationToken);
            write(tree, entries);
            RequireThere(key, record);
            entries.End();
            queue.Complete();
        }
        catch (PipelineAbortedException)
        {
        }
        catch (Exception exception)
        {
            queue.Complete(exception);
        }
    }

    /// <summary>The snapshot's own folder, and below it what it lies on: while there is the snapshot, its layers stay.</summary>
    private TreeLayers OpenTree(string key, SnapshotRecord record)
    {
        TreeLayers tree = new();
        try
        {
            tree.Add(OpenRoot(_snapshotsFolder, $"{key}/{UpperName}"));
            foreach (string layer in LayerFolders(record.Parent))
                tree.Add(OpenRoot(OpenFlags.AT_FDCWD, BytePath.FromText(layer)));
            tree.Add(OpenRoot(_layersFolder, BaseLayer.Folder));
            return tree;
        }
        catch (Exception exception)
        {
            tree.Dispose();
            // Most likely it is the snapshot that was removed.
            if (exception is LinuxException or KeyNotFoundException)
                RequireThere(key, record);
            throw;
        }
    }

    /// <summary>Without this, a snapshot that is removed meanwhile would look like one that has little in it.</summary>
    private void RequireThere(string key, SnapshotRecord record)
    {
        // Its folder is moved away before anything in it is removed.
        bool there = TreeCalls.Stat(_snapshotsFolder, key, out _) == 0 && _snapshots.TryGetValue(key, out var now) && ReferenceEquals(now, record);
        if (!there)
            throw new KeyNotFoundException($"snapshot {key} does not exist");
    }

    private static Descriptor OpenRoot(int folder, string path)
        => new(TreeCalls.Check(TreeCalls.Open(folder, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", path));

    private static MergedFolder Upper(TreeLayers tree) => new(tree, "", [0]);

    private static MergedFolder Below(TreeLayers tree) => new(tree, "", [.. Enumerable.Range(1, tree.Count - 1)]);

    private static MergedFolder Whole(TreeLayers tree) => new(tree, "", [.. Enumerable.Range(0, tree.Count)]);

    private void Assemble(LayerEntry entry, BlockQueue output)
    {
        int layer = -1, replaced = -1;
        string chain = $"{_root}/chains/{entry.Info.ChainId.Hex}";
        try
        {
            layer = TreeCalls.Check(TreeCalls.Open(_layersFolder, entry.Record.Folder, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", entry.Record.Folder);
            replaced = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText($"{chain}/{ReplacedName}"), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", ReplacedName);
            var replacements = entry.Record.Replacements is { } list ? new Replacements(list) : Replacements.Read($"{chain}/{ReplacementWriter.FileName}");
            using RecipeReader recipe = new(layer, replaced, replacements, output);
            recipe.Run($"{chain}/{RecipeName}");
            output.Complete();
        }
        catch (PipelineAbortedException)
        {
        }
        catch (Exception exception)
        {
            output.Complete(exception);
        }
        finally
        {
            if (layer >= 0)
                _ = TreeCalls.Close(layer);
            if (replaced >= 0)
                _ = TreeCalls.Close(replaced);
        }
    }

    private static void Verify(LayerEntry entry, BlockQueue input, BlockQueue output)
        => Hash(input, output, found => found.DiffId == entry.Info.DiffId ? null : new LayerException($"layer {entry.Info.DiffId} was changed on the disk: its files make {found.DiffId} now"));

    /// <summary>Hands blocks on and hashes them.</summary>
    /// <param name="check">Told what it was at the end; an error of its ends the output.</param>
    private static void Hash(BlockQueue input, BlockQueue output, Func<WrittenLayer, Exception?> check)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long size = 0;
            while (input.Take() is { } block)
            {
                hash.AppendData(block.Filled);
                size += block.Length;
                output.Add(block);
            }

            output.Complete(check(new WrittenLayer(Digest.FromSha256(hash.GetHashAndReset()), size)));
        }
        catch (PipelineAbortedException exception)
        {
            input.Abort(exception);
        }
        catch (Exception exception)
        {
            input.Abort(exception);
            output.Complete(exception);
        }
    }
}
