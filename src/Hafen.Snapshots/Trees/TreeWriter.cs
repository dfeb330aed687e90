namespace Hafen.Snapshots.Trees;

/// <summary>Writes a tree as whoever looks at it sees it: all layers as one.</summary>
internal static class TreeWriter
{
    /// <summary>Writes the entries; the archive is not ended.</summary>
    /// <param name="root">In all its layers.</param>
    public static void Write(MergedFolder root, EntryWriter entries, CancellationToken cancellationToken)
    {
        using TreeWalk walk = new(cancellationToken);
        walk.Enter(root);
        while (walk.Next())
        {
            int folder = walk.Folder.Descriptor(walk.Source);
            if (entries.Write(folder, walk.Name, walk.Path) is { IsDirectory: true } && walk.Folder.Enter(walk.Name) is { } inner)
                walk.Enter(inner);
        }
    }
}
