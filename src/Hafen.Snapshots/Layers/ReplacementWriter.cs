namespace Hafen.Snapshots.Layers;

/// <summary>Writes down what was moved aside because the archive's bytes need it again; it lies in the folder <c>replaced</c> under its number, counted from 0.</summary>
/// <param name="file">Where the list goes when there is anything in it.</param>
internal sealed class ReplacementWriter(string file) : IDisposable
{
    public const string FileName = "replaced.list";

    /// <summary>More of them in one layer are refused.</summary>
    public const int Most = 1 << 20;

    // What puts the layer's tar together holds all names in memory.
    private const long MostBytes = 64 << 20;

    private readonly NameList _list = new(file, numbers: 1);
    private long _bytes;

    public int Count => _list.Count;

    /// <param name="path">Where it was, free of links.</param>
    /// <param name="contents">How many contents the recipe holds by now.</param>
    /// <exception cref="LayerException">There are too many.</exception>
    public void Add(string path, int contents)
    {
        if (Count == Most || (_bytes += path.Length) > MostBytes)
            throw new LayerException("the layer replaces names of its own too often");
        _list.Add(path, contents);
    }

    public void Complete()
    {
        if (Count > 0)
            _list.Save();
    }

    public void Dispose() => _list.Dispose();
}
