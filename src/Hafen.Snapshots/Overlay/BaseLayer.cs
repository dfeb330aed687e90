using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Overlay;

/// <summary>
/// The layer below all others: the mount points and files that every container needs. An image's own entries win over it, and because it is a lower layer,
/// nothing of it shows up in <c>diff</c> or <c>commit</c>.
/// </summary>
internal static class BaseLayer
{
    /// <summary>Folder name; the number changes with the content, for containers of older daemons keep theirs.</summary>
    public const string Folder = "b1";

    private const uint FolderMode = 0x1ED, FileMode = 0x1ED, TerminalMode = 0x180;

    /// <summary>Makes it if it is not there; whole or not at all.</summary>
    /// <param name="layers">Descriptor of the folder of layers.</param>
    public static void Ensure(int layers)
    {
        if (TreeCalls.Stat(layers, Folder, out _) == 0)
            return;
        const string Building = Folder + ".new";
        RemoveTree.Remove(layers, Building);
        MakeFolder(layers, Building);
        int root = TreeCalls.Check(TreeCalls.Open(layers, Building, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", Building);
        try
        {
            foreach (string folder in (string[])["dev", "dev/pts", "dev/shm", "etc", "proc", "sys"])
                MakeFolder(root, folder);
            foreach (string file in (string[])[".dockerenv", "etc/hosts", "etc/hostname", "etc/resolv.conf"])
                MakeFile(root, file, FileMode);
            MakeFile(root, "dev/console", TerminalMode);
            TreeCalls.Check(TreeCalls.MakeLink(root, "etc/mtab", "/proc/mounts"), "symlink", "etc/mtab");
            TreeCalls.Check(TreeCalls.SyncFileSystem(root), "syncfs");
        }
        finally
        {
            _ = TreeCalls.Close(root);
        }

        TreeCalls.Check(TreeCalls.Rename(layers, Building, layers, Folder), "rename", Folder);
    }

    private static void MakeFolder(int directory, string path)
    {
        TreeCalls.Check(TreeCalls.MakeDirectory(directory, path, FolderMode), "mkdir", path);
        TreeCalls.Check(TreeCalls.ChangeMode(directory, path, FolderMode), "chmod", path);
    }

    private static void MakeFile(int directory, string path, uint mode)
    {
        int file = TreeCalls.Check(TreeCalls.Open(directory, path, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, mode), "open", path);
        int result = TreeCalls.ChangeMode(file, mode);
        _ = TreeCalls.Close(file);
        TreeCalls.Check(result, "chmod", path);
    }
}
