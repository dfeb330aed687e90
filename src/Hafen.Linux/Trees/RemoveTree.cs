using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Trees;

/// <summary>Removes whole trees.</summary>
public static class RemoveTree
{
    // Deeper folders are moved up and removed from there, so neither the stack nor the descriptors grow with a hostile tree.
    private const int MaxDepth = 64;

    /// <summary>
    /// Removes <paramref name="name"/> in <paramref name="directory"/> with everything below it. Links are removed, never followed; immutable files are
    /// unlocked; names that others add or remove meanwhile are tolerated. A name that is not there is fine.
    /// </summary>
    /// <exception cref="LinuxException">Something cannot be removed; the rest may be gone.</exception>
    /// <exception cref="OperationCanceledException">It was given up; the rest is still there, some of it beside <paramref name="name"/>.</exception>
    public static void Remove(int directory, string name, CancellationToken cancellationToken = default)
    {
        Queue<string> moved = [];
        moved.Enqueue(name);
        int serial = 0;
        while (moved.TryDequeue(out string? next))
            RemoveEntry(directory, next, 0);

        void RemoveEntry(int parent, string entry, int depth)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int result = TreeCalls.Unlink(parent, entry);
            if (result is 0 or -Errno.ENOENT)
                return;
            if (result == -Errno.EPERM || result == -Errno.EACCES)
                result = Unlock(parent, entry);
            if (result is 0 or -Errno.ENOENT)
                return;
            if (result != -Errno.EISDIR)
                throw new LinuxException(-result, "unlinkat", BytePath.ToText(entry));

            result = TreeCalls.Unlink(parent, entry, folder: true);
            if (result is 0 or -Errno.ENOENT)
                return;
            if (depth >= MaxDepth)
            {
                string shelter = $".{name}.{Environment.ProcessId}.{serial++}";
                TreeCalls.Check(TreeCalls.Rename(parent, entry, directory, shelter), "renameat2", entry);
                moved.Enqueue(shelter);
                return;
            }

            // A name added between the listing and rmdir makes ENOTEMPTY; a few rounds are enough for anything but an attack.
            for (int round = 0; ; round++)
            {
                RemoveChildren(parent, entry, depth);
                result = TreeCalls.Unlink(parent, entry, folder: true);
                if (result == -Errno.EPERM && Unlock(parent, entry) is 0 or -Errno.EISDIR)
                    result = TreeCalls.Unlink(parent, entry, folder: true);
                if (result is 0 or -Errno.ENOENT)
                    return;
                if (result != -Errno.ENOTEMPTY || round == 8)
                    throw new LinuxException(-result, "unlinkat", BytePath.ToText(entry));
            }
        }

        void RemoveChildren(int parent, string entry, int depth)
        {
            int folder = TreeCalls.Open(parent, entry, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
            if (folder == -Errno.ENOENT)
                return;
            TreeCalls.Check(folder, "openat", entry);
            try
            {
                TreeCalls.ClearProtection(folder);
                List<DirectoryEntry> children = [];
                while (DirectoryEntries.ReadSome(folder, children))
                {
                    foreach (var child in children)
                        RemoveEntry(folder, child.Name, depth + 1);
                    children.Clear();
                }
            }
            finally
            {
                _ = TreeCalls.Close(folder);
            }
        }
    }

    private static int Unlock(int parent, string entry)
    {
        int file = TreeCalls.Open(parent, entry, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK);
        if (file >= 0)
        {
            TreeCalls.ClearProtection(file);
            _ = TreeCalls.Close(file);
        }

        // The folder itself may be append-only, which forbids removals in it.
        TreeCalls.ClearProtection(parent);
        return TreeCalls.Unlink(parent, entry);
    }
}
