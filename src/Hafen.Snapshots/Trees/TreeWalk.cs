namespace Hafen.Snapshots.Trees;

/// <summary>
/// Goes through a tree name by name, in the order of their bytes and each folder before what is in it. Depth and width are a container's choice: neither the stack nor
/// the descriptors nor the names that are held grow with them. The one who walks says which folders are entered.
/// </summary>
internal sealed class TreeWalk(CancellationToken cancellationToken) : IDisposable
{
    private const int MostDescriptors = 256, MostNames = 4 * OrderedNames.Batch;

    private readonly List<Level> _levels = [];

    /// <summary>The folder that the current name is in.</summary>
    public MergedFolder Folder => _levels[^1].Folder;

    /// <summary>The same folder in the tree to compare with; null when it is not there.</summary>
    public MergedFolder? Below => _levels[^1].Below;

    /// <summary>Whether names that only <see cref="Below"/> has are met.</summary>
    public bool Both => _levels[^1].Both;

    /// <summary>The first layer of <see cref="Folder"/> that has the current name; more than it has when only <see cref="Below"/> has it.</summary>
    public int Source { get; private set; }

    public string Name { get; private set; } = "";

    public string Path => Folder.Child(Name);

    /// <summary>Folders above the current name, the root included.</summary>
    public int Depth => _levels.Count;

    /// <summary>The next name; false at the end.</summary>
    public bool Next()
    {
        while (_levels.Count > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_levels[^1].Names.TryNext(out string name, out int source))
            {
                (Name, Source) = (name, source);
                return true;
            }

            _levels[^1].Dispose();
            _levels.RemoveAt(_levels.Count - 1);
        }

        return false;
    }

    /// <summary>The names in a folder come next.</summary>
    /// <param name="folder">Owned from here on.</param>
    /// <param name="below">The same in the tree to compare with; owned from here on.</param>
    /// <param name="both">Whether the names that only the latter has are met as well.</param>
    public void Enter(MergedFolder folder, MergedFolder? below = null, bool both = false)
    {
        int descriptors = folder.Count + (below?.Count ?? 0), names = OrderedNames.Batch;
        for (int i = _levels.Count - 1; i >= 0; i--)
        {
            var level = _levels[i];
            descriptors += level.OpenCount;
            names += level.Names.Held;
            if (descriptors > MostDescriptors)
                level.Close();
            if (names > MostNames)
                level.Names.Forget();
        }

        MergedFolder[] listed = both && below is not null ? [folder, below] : [folder];
        _levels.Add(new Level(folder, below, both, new OrderedNames(listed, cancellationToken)));
    }

    public void Dispose()
    {
        _levels.ForEach(level => level.Dispose());
        _levels.Clear();
    }

    private sealed record Level(MergedFolder Folder, MergedFolder? Below, bool Both, OrderedNames Names) : IDisposable
    {
        public int OpenCount => Folder.OpenCount + (Below?.OpenCount ?? 0);

        public void Close()
        {
            Folder.Close();
            Below?.Close();
        }

        public void Dispose()
        {
            Folder.Dispose();
            Below?.Dispose();
        }
    }
}
