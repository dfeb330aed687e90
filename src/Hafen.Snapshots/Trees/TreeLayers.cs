using Hafen.Linux.FileSystem;

namespace Hafen.Snapshots.Trees;

/// <summary>The folders that make a tree together, topmost first, by descriptors of their roots: nothing is reached but beneath one of these.</summary>
internal sealed class TreeLayers : IDisposable
{
    private readonly List<Descriptor> _roots = [];

    public int Count => _roots.Count;

    /// <summary>The next layer below; owned from here on.</summary>
    public void Add(Descriptor root) => _roots.Add(root);

    /// <summary>Descriptor of a layer's root; stays the tree's.</summary>
    public int Root(int layer) => _roots[layer].Number;

    public void Dispose() => _roots.ForEach(root => root.Dispose());
}
