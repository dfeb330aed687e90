using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Trees;

/// <summary>
/// Writes what a snapshot has of its own as a layer (image-spec, layer.md): overlayfs' whiteouts and opaque folders become the marks of the specification. A name that
/// begins like such a mark cannot be in a layer and is left out.
/// </summary>
internal static class LayerWriter
{
    /// <summary>Writes the entries; the archive is not ended.</summary>
    /// <param name="upper">What the snapshot has of its own.</param>
    /// <param name="below">What lies below.</param>
    public static void Write(MergedFolder upper, MergedFolder below, EntryWriter entries, CancellationToken cancellationToken)
    {
        using TreeWalk walk = new(cancellationToken);
        walk.Enter(upper, below);
        while (walk.Next())
        {
            string name = walk.Name;
            int folder = walk.Folder.Descriptor(0);
            if (EntryPath.IsMark(name))
                continue;
            if (entries.Write(folder, name, walk.Path) is not { } stat)
            {
                // It hides what is below, unless nothing is there: then neither it nor the mark says anything.
                if (MergedFolder.TryStat(folder, name, out _) && walk.Below?.Find(name) is not null)
                    entries.WriteMark(walk.Folder.Child(EntryPath.WhiteoutOf(name)));
                continue;
            }

            if (!stat.IsDirectory || walk.Folder.Enter(name) is not { } inner)
                continue;
            var covered = walk.Below?.Enter(name);
            if (covered is not null && Whiteouts.IsOpaque(folder, name))
            {
                // Folders that were made are marked by the kernel, too; only where there is something to hide it says anything.
                entries.WriteMark(inner.Child(EntryPath.OpaqueName));
                covered.Dispose();
                covered = null;
            }

            walk.Enter(inner, covered);
        }
    }
}
