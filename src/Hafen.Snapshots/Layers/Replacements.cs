using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>Something that was moved aside, because the archive's bytes need it again.</summary>
/// <param name="Contents">How many contents the recipe held before.</param>
/// <param name="Path">Where it was (<see cref="BytePath"/>); it lies in the folder <c>replaced</c> under its index now.</param>
internal sealed record Replacement(int Contents, string Path);

/// <summary>Finds what became of a content's file: sorted by path, so that a search goes down folder by folder however many there are.</summary>
internal sealed class Replacements
{
    private readonly byte[][] _paths;
    private readonly int[] _contents;
    private readonly int[] _indexes;

    /// <param name="list">In the order they were moved.</param>
    public Replacements(IEnumerable<Replacement> list)
    {
        var sorted = list.Select((r, i) => (Path: BytePath.ToBytes(r.Path), r.Contents, Index: i)).ToArray();
        Array.Sort(sorted, static (a, b) => Compare(a.Path, b.Path) is var order and not 0 ? order : a.Index.CompareTo(b.Index));
        _paths = [.. sorted.Select(s => s.Path)];
        _contents = [.. sorted.Select(s => s.Contents)];
        _indexes = [.. sorted.Select(s => s.Index)];
    }

    public static Replacements None { get; } = new([]);

    /// <summary>A list that <see cref="ReplacementWriter"/> wrote; none when there is no such file.</summary>
    public static Replacements Read(string file)
        => File.Exists(file) ? new(NameList.Read(file, numbers: 1).Select(item => new Replacement((int)item.First, item.Path))) : None;

    /// <summary>The first thing moved aside after a content was written that is the content's file or a folder above it.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="content">How many contents came before this one.</param>
    /// <returns>Its number and how much of the path names it; null when the file is where it was.</returns>
    public (int Index, int PathLength)? Find(string path, int content)
    {
        if (_paths.Length == 0)
            return null;
        byte[] bytes = BytePath.ToBytes(path);
        (int Index, int PathLength)? first = null;
        int low = 0, high = _paths.Length;
        for (int start = 0; start < bytes.Length;)
        {
            int slash = Array.IndexOf(bytes, (byte)'/', start);
            int end = slash < 0 ? bytes.Length : slash;
            // From here on only what lies at this folder or below it.
            low = Bound(low, high, i => ComparePart(_paths[i], bytes, start, end) < 0);
            high = Bound(low, high, i => ComparePart(_paths[i], bytes, start, end) <= 0);
            if (low == high)
                break;
            // Itself comes before what is below it, the earliest first.
            int itself = Bound(low, high, i => _paths[i].Length == end);
            int at = Bound(low, itself, i => _contents[i] <= content);
            if (at < itself && (first is null || _indexes[at] < first.Value.Index))
                first = (_indexes[at], end);
            start = end + 1;
        }

        return first;
    }

    /// <summary>The first position of a range for which the condition is false; it is true before and false behind.</summary>
    private static int Bound(int low, int high, Func<int, bool> before)
    {
        while (low < high)
        {
            int middle = low + ((high - low) / 2);
            if (before(middle))
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    /// <summary>Compares one component; what comes before it is equal.</summary>
    private static int ComparePart(byte[] path, byte[] wanted, int start, int end)
    {
        // It is the folder above, which comes before all that is in it.
        if (path.Length < start)
            return -1;
        var rest = path.AsSpan(start);
        int slash = rest.IndexOf((byte)'/');
        return (slash < 0 ? rest : rest[..slash]).SequenceCompareTo(wanted.AsSpan(start, end - start));
    }

    /// <summary>Byte order with the slash before all others, so that a folder and all below it lie together.</summary>
    private static int Compare(byte[] a, byte[] b)
    {
        int same = a.AsSpan().CommonPrefixLength(b);
        if (same == a.Length || same == b.Length)
            return a.Length.CompareTo(b.Length);
        return a[same] == b[same] ? 0 : a[same] == (byte)'/' ? -1 : b[same] == (byte)'/' ? 1 : a[same].CompareTo(b[same]);
    }
}
