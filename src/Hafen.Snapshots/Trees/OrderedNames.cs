using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Trees;

/// <summary>
/// The names in a folder in the order of their bytes, each once. A container makes as many names in one folder as it likes, and they are not all held: the folder is read
/// again for each batch. What is added meanwhile is met if its turn is still to come.
/// </summary>
/// <param name="folders">Whose names; several for those of all of them.</param>
internal sealed class OrderedNames(MergedFolder[] folders, CancellationToken cancellationToken)
{
    /// <summary>Names that are held at a time.</summary>
    public const int Batch = 16 * 1024;

    private readonly List<(string Name, int Source)> _batch = [];
    private int _next;
    private string? _last;
    private bool _complete;

    /// <summary>Names that are held now.</summary>
    public int Held => _batch.Count;

    /// <summary>The next name.</summary>
    /// <param name="source">The first folder, and layer of it, that has the name, counted through all folders.</param>
    public bool TryNext(out string name, out int source)
    {
        if (_next == _batch.Count && !_complete)
            Fill();
        if (_next == _batch.Count)
        {
            (name, source) = ("", -1);
            return false;
        }

        (name, source) = _batch[_next++];
        _last = name;
        return true;
    }

    /// <summary>Gives the memory back; what was not taken is read again.</summary>
    public void Forget()
    {
        if (_next < _batch.Count)
            _complete = false;
        _batch.Clear();
        _batch.Capacity = 0;
        _next = 0;
    }

    private void Fill()
    {
        _batch.Clear();
        _next = 0;
        string? limit = null;
        int source = 0;
        List<DirectoryEntry> entries = [];
        foreach (var folder in folders)
        {
            for (int at = 0; at < folder.Count; at++, source++)
            {
                int descriptor = folder.Descriptor(at);
                if (descriptor < 0)
                    continue;
                long start = TreeCalls.Seek(descriptor, 0, TreeCalls.SEEK_SET);
                TreeCalls.Check((int)start, "lseek", folder.Path);
                while (DirectoryEntries.ReadSome(descriptor, entries))
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    foreach (var entry in entries)
                    {
                        if (_last is not null && string.CompareOrdinal(entry.Name, _last) <= 0)
                            continue;
                        if (limit is not null && string.CompareOrdinal(entry.Name, limit) > 0)
                            continue;
                        _batch.Add((entry.Name, source));
                        if (_batch.Count == 2 * Batch)
                            Cut(ref limit);
                    }

                    entries.Clear();
                }
            }
        }

        Cut(ref limit);
        _complete = limit is null;
    }

    /// <summary>Keeps the first names, each from its first source.</summary>
    private void Cut(ref string? limit)
    {
        _batch.Sort(static (a, b) => string.CompareOrdinal(a.Name, b.Name) is var order and not 0 ? order : a.Source.CompareTo(b.Source));
        int kept = 0;
        for (int i = 0; i < _batch.Count && kept < Batch; i++)
        {
            if (kept == 0 || _batch[kept - 1].Name != _batch[i].Name)
                _batch[kept++] = _batch[i];
        }

        if (kept == Batch)
            limit = _batch[kept - 1].Name;
        _batch.RemoveRange(kept, _batch.Count - kept);
    }
}
