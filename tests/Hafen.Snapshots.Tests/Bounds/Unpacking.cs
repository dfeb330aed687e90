using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Tests.Bounds;

/// <summary>Tests that measure memory run alone.</summary>
[CollectionDefinition(nameof(MeasuringMemory), DisableParallelization = true)]
public sealed class MeasuringMemory;

/// <summary>Unpacks an archive on the calling thread, so that what it costs can be measured.</summary>
internal static class Unpacking
{
    /// <returns>Bytes that were allocated, and bytes that are still held when everything is unpacked.</returns>
    public static (long Allocated, long Held) Measure(byte[] archive)
    {
        using TemporaryFolder folder = new(inMemory: true);
        Shell.Run("mkdir", $"{folder.Path}/layer", $"{folder.Path}/replaced");
        int root = Open($"{folder.Path}/layer"), replaced = Open($"{folder.Path}/replaced");
        try
        {
            using BlockPool pool = new();
            BlockQueue queue = new(pool, (archive.Length / Block.Capacity) + 2);
            Fill(queue, archive);
            using BlockInput input = new(queue);
            long heldBefore = GC.GetTotalMemory(forceFullCollection: true);
            long before = GC.GetAllocatedBytesForCurrentThread();
            using RecipeWriter recipe = new($"{folder.Path}/recipe");
            using LayerUnpacker unpacker = new(root, replaced, folder.Path, new TarReader(input, recipe), recipe);
            unpacker.Run();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            long held = GC.GetTotalMemory(forceFullCollection: true) - heldBefore;
            GC.KeepAlive(unpacker);
            unpacker.ImplicitFolders.Dispose();
            return (allocated, held);
        }
        finally
        {
            _ = TreeCalls.Close(root);
            _ = TreeCalls.Close(replaced);
            int all = Open(folder.Path);
            foreach (string name in (string[])["layer", "replaced"])
                RemoveTree.Remove(all, name);
            _ = TreeCalls.Close(all);
        }
    }

    public static void Fill(BlockQueue queue, byte[] bytes)
    {
        for (int at = 0; at < bytes.Length; at += Block.Capacity)
        {
            var block = queue.Pool.Rent();
            block.Length = Math.Min(Block.Capacity, bytes.Length - at);
            bytes.AsSpan(at, block.Length).CopyTo(block.GetSpan());
            queue.Add(block);
        }

        queue.Complete();
    }

    private static int Open(string path) => TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open");
}
