using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Linux.Xattrs;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Trees;

/// <summary>
/// Writes the things of a tree into an archive. A container may change them meanwhile: each is opened once, without following anything, and what is written of it is of
/// that one thing. A file that grows ends where it ended; one that shrinks is filled up with zeros; what is gone is left out.
/// </summary>
internal sealed class EntryWriter(BlockOutput output, CancellationToken cancellationToken)
{
    private readonly TarEntryWriter _tar = new(output);
    private readonly HardLinks _links = new();

    /// <summary>Writes what a name is.</summary>
    /// <param name="folder">Descriptor of the folder it is in.</param>
    /// <param name="path">Its name in the archive.</param>
    /// <returns>What it is; null when nothing was written: it is gone, or something that no archive holds.</returns>
    public FileStat? Write(int folder, string name, string path)
    {
        int thing = folder < 0 ? -Errno.ENOENT : TreeCalls.Open(folder, name, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);
        if (thing == -Errno.ENOENT)
            return null;
        TreeCalls.Check(thing, "openat", path);
        try
        {
            TreeCalls.Check(TreeCalls.Stat(thing, "", out var stat), "statx", path);
            // A socket is nothing without the process that listens on it, and no archive has a type for it.
            if (stat.IsWhiteout || stat.Type == FileType.S_IFSOCK)
                return null;
            if (!stat.IsDirectory && _links.Find(stat, path) is { } first)
            {
                _tar.Write(Entry(stat, path, TarType.HardLink, []) with { LinkName = first });
                return stat;
            }

            switch (stat.Type)
            {
                case FileType.S_IFREG:
                    WriteFile(thing, stat, path);
                    break;
                case FileType.S_IFDIR:
                    _tar.Write(Entry(stat, path + "/", TarType.Directory, Attributes(folder, name)));
                    break;
                case FileType.S_IFLNK:
                    string target = TreeCalls.ReadLink(thing, "", out int error) ?? throw new LinuxException(error, "readlinkat", BytePath.ToText(path));
                    _tar.Write(Entry(stat, path, TarType.SymbolicLink, Attributes(folder, name)) with { LinkName = target });
                    break;
                default:
                    var type = stat.Type switch { FileType.S_IFCHR => TarType.CharacterDevice, FileType.S_IFBLK => TarType.BlockDevice, _ => TarType.Fifo };
                    _tar.Write(Entry(stat, path, type, Attributes(folder, name)) with { DeviceMajor = stat.DeviceMajor, DeviceMinor = stat.DeviceMinor });
                    break;
            }

            return stat;
        }
        finally
        {
            _ = TreeCalls.Close(thing);
        }
    }

    /// <summary>Writes an empty file that says something to whoever unpacks the layer; always the same.</summary>
    public void WriteMark(string path) => _tar.Write(new TarEntry { Name = path, Type = TarType.File, Permissions = 0x180 });

    /// <summary>Ends the archive and hands over what is gathered.</summary>
    public void End()
    {
        _tar.End();
        output.Flush();
    }

    private void WriteFile(int thing, FileStat stat, string path)
    {
        // By way of what was opened: its name may be a device's by now, and opening one does something.
        int file = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, $"/proc/self/fd/{thing}", OpenFlags.O_RDONLY | OpenFlags.O_NONBLOCK), "open", path);
        try
        {
            var attributes = Attributes(Xattr.List(file), attribute => Xattr.Get(file, attribute), path);
            var pieces = SparsePieces.Find(file, stat);
            _tar.Write(Entry(stat, path, TarType.File, attributes) with { Size = stat.Size, Sparse = pieces });
            long length = 0;
            foreach (var piece in pieces ?? [new TarExtent(0, stat.Size)])
            {
                Copy(file, piece, path);
                length += piece.Length;
            }

            _tar.Pad(length);
        }
        finally
        {
            _ = TreeCalls.Close(file);
        }
    }

    private void Copy(int file, TarExtent piece, string path)
    {
        for (long done = 0; done < piece.Length;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var room = output.Room();
            if (room.Length > piece.Length - done)
                room = room[..(int)(piece.Length - done)];
            int count = TreeCalls.Check(TreeCalls.ReadAt(file, room, piece.Offset + done), "read", path);
            if (count == 0)
            {
                output.WriteZeros(piece.Length - done);
                return;
            }

            output.Advance(count);
            done += count;
        }
    }

    private static TarEntry Entry(FileStat stat, string path, TarType type, IReadOnlyList<KeyValuePair<string, byte[]>> attributes) => new()
    {
        Name = path,
        Type = type,
        Permissions = stat.Permissions,
        Uid = stat.Uid,
        Gid = stat.Gid,
        Modified = stat.Modified,
        Xattrs = attributes,
    };

    private static List<KeyValuePair<string, byte[]>> Attributes(int folder, string name)
        => Attributes(Xattr.List(folder, name), attribute => Xattr.Get(folder, name, attribute), name);

    /// <summary>
    /// The attributes that belong to the thing, in order. Overlayfs' own stay behind, and so does the label that SELinux gave it for this container; an equals sign cannot be
    /// in a name in an archive.
    /// </summary>
    private static List<KeyValuePair<string, byte[]>> Attributes(string[] names, Func<string, byte[]?> value, string path)
    {
        if (names.Length == 0)
            return [];
        Whiteouts.RequireOwnContent(names, path);
        List<KeyValuePair<string, byte[]>> attributes = [];
        foreach (string name in names.Order(StringComparer.Ordinal))
        {
            bool foreign = name.StartsWith("trusted.overlay.", StringComparison.Ordinal) || name.StartsWith("user.overlay.", StringComparison.Ordinal)
                || name == "security.selinux" || name.Contains('=', StringComparison.Ordinal);
            if (!foreign && value(name) is { } bytes)
                attributes.Add(new(name, bytes));
        }

        return attributes;
    }
}
