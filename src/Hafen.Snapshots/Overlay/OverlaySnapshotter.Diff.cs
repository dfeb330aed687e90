using System.Security.Cryptography;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;

namespace Hafen.Snapshots.Overlay;

/// <summary>From a layer to its tar.</summary>
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
            await StreamPump.DrainAsync(verified, tar, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await Task.WhenAll(assembly, verification).ConfigureAwait(false);
        }
    }

    private void Assemble(LayerEntry entry, BlockQueue output)
    {
        int layer = -1, replaced = -1;
        string chain = $"{_root}/chains/{entry.Info.ChainId.Hex}";
        try
        {
            layer = TreeCalls.Check(TreeCalls.Open(_layersFolder, entry.Record.Folder, TreeCalls.O_RDONLY | TreeCalls.O_DIRECTORY), "open", entry.Record.Folder);
            replaced = TreeCalls.Check(TreeCalls.Open(TreeCalls.AT_FDCWD, BytePath.FromText($"{chain}/{ReplacedName}"), TreeCalls.O_RDONLY | TreeCalls.O_DIRECTORY), "open", ReplacedName);
            var replacements = entry.Record.Replacements is { } list ? new Replacements(list) : Replacements.Read($"{chain}/{ReplacementWriter.FileName}");
            using RecipeReader recipe = new(layer, replaced, replacements, output);
            recipe.Run($"{chain}/{RecipeName}");
            output.Complete();
        }
        catch (PipelineAbortedException)
        {
        }
        catch (Exception e)
        {
            output.Complete(e);
        }
        finally
        {
            if (layer >= 0) _ = TreeCalls.Close(layer);
            if (replaced >= 0) _ = TreeCalls.Close(replaced);
        }
    }

    private static void Verify(LayerEntry entry, BlockQueue input, BlockQueue output)
    {
        try
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            while (input.Take() is { } block)
            {
                hash.AppendData(block.Filled);
                output.Add(block);
            }

            var found = Digest.FromSha256(hash.GetHashAndReset());
            output.Complete(found == entry.Info.DiffId ? null : new LayerException($"layer {entry.Info.DiffId} was changed on the disk: its files make {found} now"));
        }
        catch (PipelineAbortedException e)
        {
            input.Abort(e);
        }
        catch (Exception e)
        {
            input.Abort(e);
            output.Complete(e);
        }
    }
}
