using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Linux.Xattrs;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// Writes the entries of one layer below its root, with OCI whiteouts turned into overlayfs' own. Nothing in the archive is trusted:
/// every path is resolved by the kernel beneath the root, names are created with O_EXCL and never written through.
/// </summary>
internal sealed class LayerUnpacker : IDisposable
{
    private readonly int _root;
    private readonly int _replacedFolder;
    private readonly TarReader _tar;
    private readonly RecipeWriter _recipe;
    private readonly FolderCache _folders;
    private readonly LinkStore _links;
    private readonly FolderTimes _folderTimes;
    private readonly ReplacementWriter _replacements;
    private readonly CancellationToken _cancellationToken;

    /// <param name="root">Readable descriptor of the layer's root.</param>
    /// <param name="replacedFolder">Where replaced things go; on the same file system.</param>
    /// <param name="notes">Folder for what has to be remembered until the layer is whole.</param>
    public LayerUnpacker(int root, int replacedFolder, string notes, TarReader tar, RecipeWriter recipe, CancellationToken cancellationToken = default)
    {
        _root = root;
        _replacedFolder = replacedFolder;
        _tar = tar;
        _recipe = recipe;
        _cancellationToken = cancellationToken;
        ImplicitFolders = new ImplicitFolders($"{notes}/implicit.list");
        _folders = new FolderCache(root, ImplicitFolders);
        _links = new LinkStore(replacedFolder);
        _folderTimes = new FolderTimes($"{notes}/times.list");
        _replacements = new ReplacementWriter($"{notes}/{ReplacementWriter.FileName}");
    }

    /// <summary>Bytes of the files.</summary>
    public long Size { get; private set; }

    /// <summary>Belongs to the caller once <see cref="Run"/> has returned.</summary>
    public ImplicitFolders ImplicitFolders { get; }

    /// <summary>Reads the archive to its end.</summary>
    public void Run()
    {
        while (_tar.Next() is { } entry)
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Take(entry);
        }

        _tar.ReadTrailer();
        _folderTimes.Apply(_folders, _cancellationToken);
        _replacements.Complete();
        _recipe.Complete();
    }

    public void Dispose()
    {
        _folders.Dispose();
        _links.Dispose();
        _folderTimes.Dispose();
        _replacements.Dispose();
    }

    private void Take(TarEntry entry)
    {
        _folders.Sweep();
        string path = EntryPath.Clean(entry.Name);
        switch (EntryPath.Classify(path, out string target))
        {
            case EntryKind.Ignored:
                return;
            case EntryKind.LinkStore:
                if (entry.Type == TarType.File)
                    TakeFile(entry, _links.Open(), BytePath.Name(path));
                return;
            case EntryKind.Whiteout:
                Whiteouts.HideName(_folders, target);
                return;
            case EntryKind.Opaque:
                Whiteouts.HideContents(_folders, _root, target);
                return;
        }

        if (path.Length == 0)
        {
            if (entry.Type != TarType.Directory)
                throw new LayerException("the layer's root is not a folder");
            // As with Docker the root's own attributes do not travel: it belongs to root and everybody may pass.
            return;
        }

        var folder = _folders.Open(BytePath.Parent(path));
        string name = BytePath.Name(path);
        switch (entry.Type)
        {
            case TarType.File:
                TakeFile(entry, folder, name);
                break;
            case TarType.Directory:
                TakeFolder(entry, folder, name);
                break;
            case TarType.SymbolicLink:
                Create(folder, name, "symlink", entry, () => TreeCalls.MakeLink(folder.Descriptor, name, entry.LinkName));
                Finish(entry, folder, name, permissions: false);
                Size += entry.LinkName.Length;
                break;
            case TarType.HardLink:
                TakeHardLink(entry, folder, name);
                break;
            default:
                uint type = entry.Type switch { TarType.CharacterDevice => FileType.S_IFCHR, TarType.BlockDevice => FileType.S_IFBLK, _ => FileType.S_IFIFO };
                Create(folder, name, "mknod", entry, () => TreeCalls.MakeNode(folder.Descriptor, name, type | 0x180, entry.DeviceMajor, entry.DeviceMinor));
                Finish(entry, folder, name, permissions: true);
                break;
        }
    }

    private void TakeFile(TarEntry entry, Folder folder, string name)
    {
        int file = Create(folder, name, "open", entry, () => TreeCalls.Open(
            folder.Descriptor, name, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_NOFOLLOW, 0x180));
        try
        {
            if (_tar.DataRemaining > 0)
                _recipe.Content(folder.Child(name), _tar.DataRemaining, entry.Sparse);
            if (entry.Sparse is null)
                WriteData(entry, file);
            else
                WriteSparse(entry, file, entry.Sparse);

            // Owner before mode and capabilities: chown takes setuid bits and file capabilities away.
            Check(TreeCalls.ChangeOwner(file, entry.Uid, entry.Gid), "chown", entry);
            Check(TreeCalls.ChangeMode(file, entry.Permissions), "chmod", entry);
            SetAttributes(entry, file, null, name);
            Check(TreeCalls.SetTimes(file, entry.Accessed, entry.Modified), "utimensat", entry);
        }
        finally
        {
            _ = TreeCalls.Close(file);
        }

        if (!LinkStore.Holds(folder.Child(name)))
            Size += entry.Size;
    }

    private void WriteData(TarEntry entry, int file)
    {
        while (true)
        {
            var piece = _tar.PeekData();
            if (piece.IsEmpty)
                return;
            Check(TreeCalls.WriteAll(file, piece), "write", entry);
            _tar.AdvanceData(piece.Length);
        }
    }

    private void WriteSparse(TarEntry entry, int file, IReadOnlyList<TarExtent> pieces)
    {
        Check(TreeCalls.Truncate(file, entry.Size), "ftruncate", entry);
        foreach (var piece in pieces)
        {
            for (long done = 0; done < piece.Length;)
            {
                var data = _tar.PeekData();
                if (data.Length > piece.Length - done)
                    data = data[..(int)(piece.Length - done)];
                Check(TreeCalls.WriteAllAt(file, data, piece.Offset + done), "write", entry);
                done += data.Length;
                _tar.AdvanceData(data.Length);
            }
        }
    }

    private void TakeFolder(TarEntry entry, Folder folder, string name)
    {
        int result = TreeCalls.MakeDirectory(folder.Descriptor, name, 0x1C0);
        if (result != -Errno.EEXIST)
            Check(result, "mkdir", entry);
        Check(TreeCalls.Stat(folder.Descriptor, name, out var there), "stat", entry);
        if (!there.IsDirectory)
        {
            // A folder in place of a whiteout of the same layer stands for itself alone, not for what is below.
            bool whiteout = there.IsWhiteout;
            MoveAside(folder, name, there);
            Check(TreeCalls.MakeDirectory(folder.Descriptor, name, 0x1C0), "mkdir", entry);
            if (whiteout)
                Whiteouts.MarkOpaque(folder.Descriptor, name);
            Check(TreeCalls.Stat(folder.Descriptor, name, out there), "stat", entry);
        }

        ImplicitFolders.Describe(there.Inode);
        Finish(entry, folder, name, permissions: true);
        _folderTimes.Add(folder.Child(name), there.Inode, entry.Accessed, entry.Modified);
    }

    private void TakeHardLink(TarEntry entry, Folder folder, string name)
    {
        string target = EntryPath.Clean(entry.LinkName, "hard link target");
        string targetName = BytePath.Name(target);
        if (LinkStore.Holds(target))
        {
            TakeStoredLink(entry, targetName, folder, name);
            return;
        }

        if (targetName.Length == 0)
            throw new LayerException($"hard link \"{BytePath.ToText(entry.Name)}\" leads to the root");
        var targetFolder = _folders.Open(BytePath.Parent(target), create: false);
        if (targetFolder.Child(targetName) == folder.Child(name))
            return;
        Create(folder, name, "link", entry, () => TreeCalls.MakeHardLink(targetFolder.Descriptor, targetName, folder.Descriptor, name));
    }

    private void TakeStoredLink(TarEntry entry, string stored, Folder folder, string name)
    {
        var store = _links.Open();
        if (TreeCalls.Stat(store.Descriptor, stored, out var file) < 0)
            throw new LayerException($"invalid aufs hardlink \"{BytePath.ToText(entry.Name)}\"");
        Create(folder, name, "link", entry, () => TreeCalls.MakeHardLink(store.Descriptor, stored, folder.Descriptor, name));
        // Only now it is one of the layer's files.
        if (file.Links == 1)
            Size += file.Size;
    }

    private int Create(Folder folder, string name, string call, TarEntry entry, Func<int> create)
    {
        int result = create();
        if (result == -Errno.EEXIST)
        {
            Check(TreeCalls.Stat(folder.Descriptor, name, out var there), "stat", entry);
            MoveAside(folder, name, there);
            result = create();
        }

        return Check(result, call, entry);
    }

    /// <summary>Takes a name of this layer out of the way, keeping its contents for the recipe.</summary>
    private void MoveAside(Folder folder, string name, FileStat there)
    {
        if (there.IsWhiteout)
        {
            TreeCalls.Check(TreeCalls.Unlink(folder.Descriptor, name), "unlink", name);
            return;
        }

        string path = folder.Child(name);
        string index = $"{_replacements.Count}";
        _replacements.Add(path, _recipe.Contents);
        TreeCalls.Check(TreeCalls.Rename(folder.Descriptor, name, _replacedFolder, index), "rename", path);
        if (!there.IsDirectory)
        {
            if (there.Links == 1)
                Size -= there.Size;
            if (!there.IsLink)
                return;
        }
        else
        {
            Size -= SizeOfReplaced(index);
        }

        _folders.Forget(path);
    }

    private long SizeOfReplaced(string index)
    {
        int folder = TreeCalls.Check(TreeCalls.Open(_replacedFolder, index, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open");
        try
        {
            return TreeSize.Of(folder);
        }
        finally
        {
            _ = TreeCalls.Close(folder);
        }
    }

    private void Finish(TarEntry entry, Folder folder, string name, bool permissions)
    {
        Check(TreeCalls.ChangeOwner(folder.Descriptor, name, entry.Uid, entry.Gid), "chown", entry);
        if (permissions)
            Check(TreeCalls.ChangeMode(folder.Descriptor, name, entry.Permissions), "chmod", entry);
        SetAttributes(entry, folder.Descriptor, name, name);
        if (entry.Type != TarType.Directory)
            Check(TreeCalls.SetTimes(folder.Descriptor, name, entry.Accessed, entry.Modified), "utimensat", entry);
    }

    private static void SetAttributes(TarEntry entry, int descriptor, string? nameBelow, string subject)
    {
        foreach (var (name, value) in entry.Xattrs)
        {
            // Overlayfs' own marks are ours to set: an archive could otherwise redirect names or fake whiteouts.
            if (name.StartsWith("trusted.overlay.", StringComparison.Ordinal) || name.StartsWith("user.overlay.", StringComparison.Ordinal))
                continue;
            int result = nameBelow is null ? Xattr.Set(descriptor, name, value) : Xattr.Set(descriptor, nameBelow, name, value);
            // As Docker: a file system without such attributes, or a user attribute on something that is neither file nor folder, is no reason to refuse an image.
            if (result == -Errno.EOPNOTSUPP || (result == -Errno.EPERM && name.StartsWith("user.", StringComparison.Ordinal)))
                continue;
            Check(result, $"setxattr {name}", entry);
        }
    }

    private static int Check(int result, string call, TarEntry entry)
    {
        if (result >= 0)
            return result;
        LinuxException error = new(-result, call, BytePath.ToText(entry.Name));
        // A full disk is the machine's trouble; the rest is the archive's.
        throw result is -Errno.ENOSPC or -Errno.EDQUOT or -Errno.EIO ? error : new LayerException(error.Message, error);
    }
}
