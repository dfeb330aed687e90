using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Trees;

/// <summary>Counts what a tree holds.</summary>
public static class TreeSize
{
    /// <summary>
    /// Bytes of all files below a folder as Docker counts them: sizes of all but folders, each inode once. A container may make its folders as deep
    /// as it likes, so neither the stack nor the descriptors grow with them. What is moved elsewhere meanwhile ends the count.
    /// </summary>
    /// <param name="folder">A readable descriptor; its position is used.</param>
    public static long Of(int folder)
    {
        HashSet<(ulong, ulong)> seen = [];
        Stack<Level> path = [];
        long total = 0;
        int at = folder;
        try
        {
            path.Push(Count(at, seen, ref total));
            while (true)
            {
                if (path.Peek().Folders.TryDequeue(out string? name))
                {
                    int child = TreeCalls.Open(at, name, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
                    if (child < 0)
                        continue;
                    Go(child);
                    path.Push(Count(at, seen, ref total));
                    continue;
                }

                path.Pop();
                if (path.Count == 0)
                    return total;
                int parent = TreeCalls.Open(at, "..", OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
                if (parent < 0)
                    return total;
                Go(parent);
                if (Identity(at) != path.Peek().Identity)
                    return total;
            }
        }
        finally
        {
            if (at != folder)
                _ = TreeCalls.Close(at);
        }

        void Go(int next)
        {
            if (at != folder)
                _ = TreeCalls.Close(at);
            at = next;
        }
    }

    private static Level Count(int folder, HashSet<(ulong, ulong)> seen, ref long total)
    {
        Queue<string> folders = [];
        foreach (var entry in DirectoryEntries.Read(folder))
        {
            if (TreeCalls.Stat(folder, entry.Name, out var stat) < 0)
                continue;
            if (stat.IsDirectory)
                folders.Enqueue(entry.Name);
            else if (stat.Links == 1 || seen.Add((stat.FileSystem, stat.Inode)))
                total += stat.Size;
        }

        return new Level(Identity(folder), folders);
    }

    private static (ulong FileSystem, ulong Inode) Identity(int folder)
        => TreeCalls.Stat(folder, "", out var stat) < 0 ? default : (stat.FileSystem, stat.Inode);

    /// <param name="Identity">Which folder it is.</param>
    /// <param name="Folders">Those in it that are still to be counted.</param>
    private readonly record struct Level((ulong FileSystem, ulong Inode) Identity, Queue<string> Folders);
}
