using Hafen.Linux;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Tar;

namespace Hafen.Snapshots.Trees;

/// <summary>Finds out where the data of a file with holes lies.</summary>
internal static class SparsePieces
{
    // Holes cost a reader that knows none of them; zeros cost little. Docker cannot save a layer again that has a sparse file in it (docs/decisions/0010, 0117).
    private const long LeastHoles = 8 << 20;
    private const long LeastHole = 64 << 10;
    private const int MostPieces = 4096;

    /// <summary>Pieces in ascending order; null for a file that is written as a whole.</summary>
    /// <param name="file">Readable; its position is used.</param>
    public static IReadOnlyList<TarExtent>? Find(int file, FileStat stat)
    {
        if (stat.Size - (512 * stat.Blocks) < LeastHoles)
            return null;
        List<TarExtent> pieces = [];
        long holes = 0, end = 0;
        while (end < stat.Size)
        {
            long data = TreeCalls.Seek(file, end, TreeCalls.SEEK_DATA);
            // None follows, or the file system does not say.
            if (data < 0 || data > stat.Size)
                data = data == -Errno.ENXIO || data > stat.Size ? stat.Size : end;
            long hole = data == stat.Size ? data : TreeCalls.Seek(file, data, TreeCalls.SEEK_HOLE);
            if (hole < 0 || hole > stat.Size || pieces.Count == MostPieces)
                hole = stat.Size;
            if (pieces.Count > 0 && data - end < LeastHole)
            {
                pieces[^1] = pieces[^1] with { Length = hole - pieces[^1].Offset };
            }
            else
            {
                holes += data - end;
                pieces.Add(new TarExtent(data, hole - data));
            }

            end = hole;
        }

        // The last piece, perhaps without a byte, says how long the file is to readers that look at nothing else.
        return holes < LeastHoles ? null : pieces;
    }
}
