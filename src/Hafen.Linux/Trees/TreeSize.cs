namespace Hafen.Linux.Trees;

/// <summary>Counts what a tree holds.</summary>
public static class TreeSize
{
    /// <summary>Bytes of all files below a folder as Docker counts them: sizes of all but folders, each inode once.</summary>
    /// <param name="folder">A readable descriptor; its position is used.</param>
    public static long Of(int folder)
    {
        HashSet<(ulong, ulong)> seen = [];
        return Count(folder);

        long Count(int at)
        {
            long total = 0;
            foreach (var entry in DirectoryEntries.Read(at))
            {
                if (TreeCalls.Stat(at, entry.Name, out var stat) < 0) continue;
                if (!stat.IsDirectory)
                {
                    if (stat.Links == 1 || seen.Add((stat.FileSystem, stat.Inode))) total += stat.Size;
                    continue;
                }

                int child = TreeCalls.Open(at, entry.Name, TreeCalls.O_RDONLY | TreeCalls.O_DIRECTORY | TreeCalls.O_NOFOLLOW);
                if (child < 0) continue;
                try
                {
                    total += Count(child);
                }
                finally
                {
                    _ = TreeCalls.Close(child);
                }
            }

            return total;
        }
    }
}
