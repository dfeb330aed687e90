using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;
using Hafen.Snapshots.Tests.Bounds;

namespace Hafen.Snapshots.Tests.Changes;

/// <summary>An archive read back.</summary>
internal static class TarListing
{
    /// <summary>Entries with their data.</summary>
    public static List<(TarEntry Entry, byte[] Data)> Read(byte[] tar)
    {
        using BlockPool pool = new();
        BlockQueue queue = new(pool, (tar.Length / Block.Capacity) + 2);
        Unpacking.Fill(queue, tar);
        using BlockInput input = new(queue);
        TarReader reader = new(input);
        List<(TarEntry, byte[])> entries = [];
        while (reader.Next() is { } entry)
            entries.Add((entry, reader.ReadData(int.MaxValue)));
        reader.ReadTrailer();
        return entries;
    }

    public static List<string> Names(byte[] tar) => [.. Read(tar).Select(entry => entry.Entry.Name)];

    public static async Task<(WrittenLayer Written, byte[] Tar)> ChangesAsync(this ISnapshotter snapshotter, string key)
    {
        MemoryStream tar = new();
        var written = await snapshotter.WriteChangesAsync(key, tar, default);
        return (written, tar.ToArray());
    }

    public static async Task<byte[]> TreeAsync(this ISnapshotter snapshotter, string key)
    {
        MemoryStream tar = new();
        await snapshotter.WriteTreeAsync(key, tar, default);
        return tar.ToArray();
    }

    /// <summary>As <c>docker diff</c> prints it.</summary>
    public static List<string> Lines(this ISnapshotter snapshotter, string key)
        => [.. snapshotter.Changes(key, default).Select(change => $"{"CAD"[(int)change.Kind]} /{Hafen.Linux.Trees.BytePath.ToText(change.Path)}")];
}
