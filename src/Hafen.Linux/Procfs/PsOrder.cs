namespace Hafen.Linux.Procfs;

/// <summary>The order of rows: <c>--sort=-rss,+pid</c>.</summary>
internal sealed class PsOrder(IReadOnlyList<(PsColumn Column, bool Descending)> keys) : IComparer<PsProcess>
{
    /// <exception cref="ProcessTableException">Something that is not understood.</exception>
    public static PsOrder Parse(string specification)
    {
        if (specification.Length == 0)
            throw new ProcessTableException("ps: error: long sort specification must follow --sort");
        var keys = new List<(PsColumn, bool)>();
        foreach (string key in specification.Split(','))
        {
            string name = key.TrimStart('+', '-');
            // The parts of the ready-made layouts begin with a dash, and nobody can ask for them.
            if (name.Length == 0 || key.Length - name.Length > 1 || name.Contains('=') || PsColumns.TryFind(name) is not { } column)
                throw new ProcessTableException("ps: error: unknown sort specifier");
            keys.Add((column, key[0] == '-'));
        }

        return new PsOrder(keys);
    }

    public int Compare(PsProcess? x, PsProcess? y)
    {
        foreach (var (column, descending) in keys)
        {
            int order = column.Compare(x!, y!);
            if (order != 0)
                return descending ? -order : order;
        }

        return 0;
    }
}
