using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Overlay;

/// <summary>A folder that a layer uses without describing it must not hide the owner, mode and times it has below.</summary>
internal static class FolderInheritance
{
    /// <param name="layers">Descriptor of the folder of layers.</param>
    /// <param name="layer">Whose folders are meant.</param>
    /// <param name="below">Folder names of the layers below, the uppermost first.</param>
    public static void Apply(int layers, StagedLayer layer, IReadOnlyList<string> below)
    {
        if (below.Count == 0)
            return;
        // As with Docker no entry describes the root.
        Walk(layers, layer, below, "", 0);
        foreach (var (path, made) in layer.ImplicitFolders.Paths)
            Walk(layers, layer, below, path, made);
    }

    /// <summary>Goes down a path in all layers at once; the last <paramref name="made"/> folders of it take over what they have below.</summary>
    private static void Walk(int layers, StagedLayer layer, IReadOnlyList<string> below, string path, int made)
    {
        string[] names = path.Length == 0 ? [] : path.Split('/');
        int first = names.Length - made;
        string prefix = string.Concat(names.Take(first).Select(n => "/" + n));
        List<int> folders = [];
        int own = OpenFolder(layers, layer.Id + prefix);
        try
        {
            // A later entry has replaced it.
            if (own < 0)
                return;
            foreach (string folder in below)
            {
                if (!Follow(folders, OpenFolder(layers, folder + prefix)))
                    break;
            }

            if (names.Length == 0)
                TakeOver(own, folders);
            for (int i = first; i < names.Length && folders.Count > 0; i++)
            {
                int next = OpenFolder(own, names[i]);
                if (next < 0)
                    return;
                _ = TreeCalls.Close(own);
                own = next;
                Descend(folders, names[i]);
                TreeCalls.Check(TreeCalls.Stat(own, "", out var stat), "stat", path);
                if (layer.ImplicitFolders.Contains(stat.Inode))
                    TakeOver(own, folders);
            }
        }
        finally
        {
            if (own >= 0)
                _ = TreeCalls.Close(own);
            folders.ForEach(static f => _ = TreeCalls.Close(f));
        }
    }

    /// <summary>Replaces the folders by those of a name in them.</summary>
    private static void Descend(List<int> folders, string name)
    {
        List<int> next = [];
        bool follow = true;
        foreach (int folder in folders)
        {
            follow = follow && Follow(next, OpenFolder(folder, name));
            _ = TreeCalls.Close(folder);
        }

        folders.Clear();
        folders.AddRange(next);
    }

    /// <summary>Notes a folder; false when there is something else, which hides all that is below.</summary>
    private static bool Follow(List<int> folders, int opened)
    {
        if (opened >= 0)
            folders.Add(opened);
        return opened >= 0 || opened == -Errno.ENOENT;
    }

    private static void TakeOver(int own, List<int> folders)
    {
        if (folders.Count == 0)
            return;
        TreeCalls.Check(TreeCalls.Stat(folders[0], "", out var stat), "stat");
        string self = $"/proc/self/fd/{own}/.";
        TreeCalls.Check(TreeCalls.ChangeOwner(OpenFlags.AT_FDCWD, self, stat.Uid, stat.Gid), "chown");
        TreeCalls.Check(TreeCalls.ChangeMode(OpenFlags.AT_FDCWD, self, stat.Permissions), "chmod");
        TreeCalls.Check(TreeCalls.SetTimes(OpenFlags.AT_FDCWD, self, stat.Accessed, stat.Modified), "utimensat");
    }

    private static int OpenFolder(int folder, string path)
        => TreeCalls.OpenBeneath(
            folder,
            path,
            OpenFlags.O_PATH | OpenFlags.O_DIRECTORY,
            OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_SYMLINKS | OpenFlags.RESOLVE_NO_MAGICLINKS);
}
