using Hafen.Linux.Trees;
using Hafen.Linux.Xattrs;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Trees;

/// <summary>
/// Finds what a snapshot has changed, as <c>docker diff</c> has it: a name counts as modified when type, permissions, owner or device differ and, for all but folders, size,
/// time or capabilities; a folder also when something in it changed; what was in a deleted folder is not listed.
/// </summary>
internal static class SnapshotChanges
{
    /// <param name="upper">What the snapshot has of its own.</param>
    /// <param name="below">What lies below.</param>
    public static IEnumerable<SnapshotChange> Find(MergedFolder upper, MergedFolder below, CancellationToken cancellationToken)
    {
        using TreeWalk walk = new(cancellationToken);
        walk.Enter(upper, below);
        // Folders on the way to the current name that were told already.
        int told = 0;
        while (walk.Next())
        {
            told = Math.Min(told, walk.Depth - 1);
            var before = walk.Below?.Find(walk.Name);
            FileStat? now = walk.Source < walk.Folder.Count && MergedFolder.TryStat(walk.Folder.Descriptor(walk.Source), walk.Name, out var stat) && !stat.IsWhiteout ? stat : null;
            int depth = walk.Depth;
            string path = walk.Path;
            ChangeKind? kind = now is null ? (before is null ? null : ChangeKind.Deleted)
                : before is null ? ChangeKind.Added
                : Differ(walk, now.Value, before.Value) ? ChangeKind.Modified
                : null;
            if (now is { IsDirectory: true })
                Enter(walk, before);
            if (kind is null)
                continue;
            for (; told < depth - 1; told++)
                yield return new SnapshotChange(Ancestor(path, told + 1), ChangeKind.Modified);
            yield return new SnapshotChange(path, kind.Value);
            if (now is { IsDirectory: true })
                told = depth;
        }
    }

    private static void Enter(TreeWalk walk, FileStat? before)
    {
        // What is below an opaque folder is hidden, however deep; there are no whiteouts to tell of it.
        bool opaque = walk.Both || Whiteouts.IsOpaque(walk.Folder.Descriptor(0), walk.Name);
        if (walk.Folder.Enter(walk.Name) is not { } folder)
            return;
        var below = before is { IsDirectory: true } ? walk.Below!.Enter(walk.Name) : null;
        walk.Enter(folder, below, both: opaque);
    }

    private static bool Differ(TreeWalk walk, FileStat now, FileStat before)
    {
        if (now.Mode != before.Mode || now.Uid != before.Uid || now.Gid != before.Gid)
            return true;
        if (now.DeviceMajor != before.DeviceMajor || now.DeviceMinor != before.DeviceMinor)
            return true;
        if (now.IsDirectory)
            return false;
        if (now.Size != before.Size || now.Modified != before.Modified)
            return true;
        return now.IsRegular && walk.Below!.TryFind(walk.Name, out int at, out _)
            && !Capabilities(walk.Folder.Descriptor(walk.Source), walk.Name).SequenceEqual(Capabilities(walk.Below.Descriptor(at), walk.Name));
    }

    private static byte[] Capabilities(int folder, string name) => Xattr.Get(folder, name, "security.capability") ?? [];

    /// <summary>The first so many folders of a path.</summary>
    private static string Ancestor(string path, int depth)
    {
        int end = -1;
        for (int i = 0; i < depth; i++)
            end = path.IndexOf('/', end + 1);
        return path[..end];
    }
}
