using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Trees;

/// <summary>
/// Remembers files with several names by the first one that was written. How many there are is a container's choice: when there are too many, the further ones are written
/// once for each name.
/// </summary>
internal sealed class HardLinks
{
    private const long MostBytes = 32 << 20;
    // What stands for a file beside its name.
    private const int Cost = 128;

    private readonly Dictionary<(ulong FileSystem, ulong Inode), (string Path, uint Left)> _files = [];
    private long _bytes;

    /// <summary>The name that the file was written under; null when this is the first.</summary>
    public string? Find(FileStat stat, string path)
    {
        if (stat.Links < 2)
            return null;
        var id = (stat.FileSystem, stat.Inode);
        if (!_files.TryGetValue(id, out var known))
        {
            long cost = Cost + (2 * path.Length);
            if (_bytes + cost > MostBytes)
                return null;
            _bytes += cost;
            _files[id] = (path, stat.Links - 1);
            return null;
        }

        if (known.Left > 1)
        {
            _files[id] = known with { Left = known.Left - 1 };
            return known.Path;
        }

        // All its names were seen.
        _files.Remove(id);
        _bytes -= Cost + (2 * known.Path.Length);
        return known.Path;
    }
}
