using Hafen.Snapshots.Layers;

namespace Hafen.Images.Load;

/// <summary>What an archive held: its small files as they are, its layers unpacked. Disposing removes layers that no image took.</summary>
internal sealed class ArchiveContent : IDisposable
{
    // More is a loop.
    private const int MaxLinks = 16;

    private readonly Dictionary<string, byte[]> _documents = [];
    private readonly Dictionary<string, ArchiveLayer> _layers = [];
    private readonly Dictionary<string, string> _links = [];

    public IEnumerable<string> DocumentNames => _documents.Keys;

    public void AddDocument(string path, byte[] content)
    {
        _documents[path] = content;
        _links.Remove(path);
    }

    public void AddLayer(string path, ArchiveLayer layer)
    {
        if (_layers.Remove(path, out var earlier)) earlier.Dispose();
        _layers[path] = layer;
        _links.Remove(path);
    }

    /// <param name="target">Path in the archive, not relative to the link.</param>
    public void AddLink(string path, string target) => _links[path] = target;

    public byte[]? Document(string path) => _documents.GetValueOrDefault(Follow(path));

    /// <exception cref="ImageException">There is no such layer in the archive.</exception>
    public ArchiveLayer Layer(string path)
        => _layers.GetValueOrDefault(Follow(path)) ?? throw new ImageException(ImageErrorKind.InvalidArchive, $"invalid archive: the layer {path} is missing");

    public void Dispose()
    {
        foreach (var layer in _layers.Values) layer.Dispose();
    }

    private string Follow(string path)
    {
        path = Clean(path);
        for (int i = 0; i < MaxLinks && _links.TryGetValue(path, out string? target); i++) path = target;
        return path;
    }

    /// <summary>Manifests may say <c>./name</c>. A path that leads out names nothing.</summary>
    private static string Clean(string path)
    {
        try
        {
            return EntryPath.Clean(path);
        }
        catch (LayerException)
        {
            return path;
        }
    }
}
