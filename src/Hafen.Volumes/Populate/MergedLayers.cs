using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;
using Hafen.Linux.Xattrs;

namespace Hafen.Volumes.Populate;

/// <summary>
/// Looks at layers as overlayfs would show them, without mounting: the topmost name wins, folders merge, whiteouts and opaque folders hide what is below.
/// Links are followed inside the merged tree, never out of it.
/// </summary>
internal sealed class MergedLayers : IDisposable
{
    private const int MaxLinks = 40;

    private readonly List<int> _roots = [];

    /// <param name="layers">Topmost first.</param>
    public MergedLayers(IReadOnlyList<string> layers)
    {
        foreach (string layer in layers)
        {
            int root = TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(layer), OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            if (root >= 0)
            {
                _roots.Add(root);
                continue;
            }

            Dispose();
            throw new LinuxException(-root, "open", layer);
        }
    }

    /// <summary>Copies the folder at <paramref name="path"/> with its attributes; false when the layers have none there.</summary>
    /// <param name="path">Absolute path in the merged tree, as text.</param>
    /// <param name="target">Folder for the copy.</param>
    /// <param name="name">The copy's name in it; must not exist.</param>
    public bool CopyFolder(string path, int target, string name)
    {
        var folders = Resolve(BytePath.FromText(path));
        if (folders is null)
            return false;
        // Names of one inode below the folder stay names of one inode.
        Dictionary<(int Root, ulong Inode), string> linked = [];
        Copy(folders, target, name, name, target, linked);
        return true;
    }

    public void Dispose()
    {
        foreach (int root in _roots)
            _ = TreeCalls.Close(root);
        _roots.Clear();
    }

    /// <summary>Paths of a folder in those layers that show through, each relative to its layer; null when it is no folder.</summary>
    private List<Place>? Resolve(string path)
    {
        List<string> rest = [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries)];
        Stack<List<Place>> trail = new();
        trail.Push([.. _roots.Select(r => new Place(r, ""))]);
        for (int links = 0; rest.Count > 0;)
        {
            string name = rest[0];
            rest.RemoveAt(0);
            if (name == ".")
                continue;
            if (name == "..")
            {
                if (trail.Count > 1)
                    trail.Pop();
                continue;
            }

            var found = Lookup(trail.Peek(), name, out var stat);
            if (found.Count == 0)
                return null;
            if (stat.IsLink)
            {
                if (++links > MaxLinks || TreeCalls.ReadLink(found[0].Root, found[0].Path, out _) is not { } target)
                    return null;
                if (target.StartsWith('/'))
                {
                    while (trail.Count > 1)
                        trail.Pop();
                }

                rest.InsertRange(0, target.Split('/', StringSplitOptions.RemoveEmptyEntries));
                continue;
            }

            if (!stat.IsDirectory)
                return null;
            trail.Push(found);
        }

        return trail.Peek();
    }

    /// <summary>Where a name shows through: one place for a file, all merged ones for a folder, topmost first.</summary>
    private static List<Place> Lookup(List<Place> folders, string name, out FileStat first)
    {
        first = default;
        List<Place> found = [];
        foreach (var folder in folders)
        {
            var place = folder.Child(name);
            if (TreeCalls.Stat(place.Root, place.Path, out var stat) < 0)
                continue;
            if (stat.IsWhiteout || (found.Count > 0 && !stat.IsDirectory))
                break;
            if (found.Count == 0)
                first = stat;
            found.Add(place);
            if (!stat.IsDirectory || Xattr.Get(place.Root, place.Path, "trusted.overlay.opaque") is [(byte)'y'])
                break;
        }

        return found;
    }

    private static void Copy(List<Place> folders, int target, string name, string pathInCopy, int copyRoot, Dictionary<(int Root, ulong Inode), string> linked)
    {
        var top = folders[0];
        TreeCalls.Check(TreeCalls.Stat(top.Root, top.Path.Length == 0 ? "." : top.Path, out var stat), "stat", top.Path);
        CopyFile.Copy(top.Root, top.Path.Length == 0 ? "." : top.Path, stat, target, name);
        int folder = TreeCalls.Check(TreeCalls.Open(target, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", name);
        try
        {
            foreach (string child in Names(folders))
            {
                var found = Lookup(folders, child, out var childStat);
                if (found.Count == 0)
                    continue;
                if (childStat.IsDirectory)
                {
                    Copy(found, folder, child, $"{pathInCopy}/{child}", copyRoot, linked);
                    continue;
                }

                var inode = (found[0].Root, childStat.Inode);
                if (childStat.Links > 1 && linked.TryGetValue(inode, out string? first))
                {
                    TreeCalls.Check(TreeCalls.MakeHardLink(copyRoot, first, folder, child), "link", child);
                    continue;
                }

                CopyFile.Copy(found[0].Root, found[0].Path, childStat, folder, child);
                if (childStat.Links > 1)
                    linked[inode] = $"{pathInCopy}/{child}";
            }
        }
        finally
        {
            _ = TreeCalls.Close(folder);
        }

        CopyFile.CopyTimes(stat, target, name);
    }

    private static SortedSet<string> Names(List<Place> folders)
    {
        SortedSet<string> names = new(StringComparer.Ordinal);
        foreach (var place in folders)
        {
            string path = place.Path.Length == 0 ? "." : place.Path;
            int folder = TreeCalls.Check(TreeCalls.Open(place.Root, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", path);
            try
            {
                foreach (var entry in DirectoryEntries.Read(folder))
                    names.Add(entry.Name);
            }
            finally
            {
                _ = TreeCalls.Close(folder);
            }
        }

        return names;
    }

    /// <param name="Root">Descriptor of the layer's root.</param>
    /// <param name="Path">Below it, no part of it a link; empty for the root.</param>
    private readonly record struct Place(int Root, string Path)
    {
        public Place Child(string name) => this with { Path = Path.Length == 0 ? name : $"{Path}/{name}" };
    }
}
