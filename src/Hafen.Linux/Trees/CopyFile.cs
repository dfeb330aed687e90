using Hafen.Linux.FileSystem;
using Hafen.Linux.Xattrs;

namespace Hafen.Linux.Trees;

/// <summary>Copies one thing of a tree with all its attributes. Folders are made, not filled.</summary>
public static class CopyFile
{
    private const int BufferSize = 256 * 1024;

    /// <param name="from">Folder with the source.</param>
    /// <param name="name">The source's name in it.</param>
    /// <param name="stat">Of the source.</param>
    /// <param name="to">Folder for the copy.</param>
    /// <param name="newName">The copy's name; must not exist.</param>
    /// <exception cref="LinuxException">Something cannot be read or made.</exception>
    public static void Copy(int from, string name, FileStat stat, int to, string newName)
    {
        switch (stat.Type)
        {
            case FileType.S_IFREG:
                CopyRegular(from, name, stat, to, newName);
                break;
            case FileType.S_IFDIR:
                TreeCalls.Check(TreeCalls.MakeDirectory(to, newName, 0x1C0), "mkdir", newName);
                break;
            case FileType.S_IFLNK:
                string target = TreeCalls.ReadLink(from, name, out int error) ?? throw new LinuxException(error, "readlink", BytePath.ToText(name));
                TreeCalls.Check(TreeCalls.MakeLink(to, newName, target), "symlink", newName);
                break;
            default:
                TreeCalls.Check(TreeCalls.MakeNode(to, newName, stat.Type | 0x180, stat.DeviceMajor, stat.DeviceMinor), "mknod", newName);
                break;
        }

        CopyAttributes(from, name, stat, to, newName);
    }

    /// <summary>Owner, mode, extended attributes and times, in the order in which none undoes another. Overlayfs' own marks stay behind.</summary>
    public static void CopyAttributes(int from, string name, FileStat stat, int to, string newName)
    {
        TreeCalls.Check(TreeCalls.ChangeOwner(to, newName, stat.Uid, stat.Gid), "chown", newName);
        if (!stat.IsLink)
            TreeCalls.Check(TreeCalls.ChangeMode(to, newName, stat.Permissions), "chmod", newName);
        foreach (string attribute in Xattr.List(from, name))
        {
            if (attribute.StartsWith("trusted.overlay.", StringComparison.Ordinal))
                continue;
            if (Xattr.Get(from, name, attribute) is not { } value)
                continue;
            int result = Xattr.Set(to, newName, attribute, value);
            if (result != -Errno.EOPNOTSUPP)
                TreeCalls.Check(result, "setxattr", newName);
        }

        CopyTimes(stat, to, newName);
    }

    /// <summary>Sets the times alone: a folder's change again while it is filled.</summary>
    public static void CopyTimes(FileStat stat, int to, string newName)
        => TreeCalls.Check(TreeCalls.SetTimes(to, newName, stat.Accessed, stat.Modified), "utimensat", newName);

    private static void CopyRegular(int from, string name, FileStat stat, int to, string newName)
    {
        int source = TreeCalls.Check(TreeCalls.Open(from, name, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK), "open", name);
        int target = -1;
        try
        {
            target = TreeCalls.Check(TreeCalls.Open(to, newName, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, 0x180), "open", newName);
            TreeCalls.Check(TreeCalls.Truncate(target, stat.Size), "ftruncate", newName);
            byte[] buffer = new byte[(int)Math.Min(BufferSize, Math.Max(stat.Size, 1))];
            for (long offset = 0; offset < stat.Size;)
            {
                // Holes stay holes; a file system that knows none calls everything data.
                long data = TreeCalls.Seek(source, offset, TreeCalls.SEEK_DATA);
                if (data == -Errno.ENXIO)
                    break;
                if (data < 0)
                    data = offset;
                long end = TreeCalls.Seek(source, data, TreeCalls.SEEK_HOLE);
                if (end < 0)
                    end = stat.Size;
                CopyRange(source, target, data, end, buffer, name);
                offset = end;
            }
        }
        finally
        {
            if (target >= 0)
                _ = TreeCalls.Close(target);
            _ = TreeCalls.Close(source);
        }
    }

    private static void CopyRange(int source, int target, long offset, long end, byte[] buffer, string name)
    {
        while (offset < end)
        {
            var piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, end - offset));
            int count = TreeCalls.Check(TreeCalls.ReadAt(source, piece, offset), "read", name);
            if (count == 0)
                return;
            TreeCalls.Check(TreeCalls.WriteAllAt(target, piece[..count], offset), "write", name);
            offset += count;
        }
    }
}
