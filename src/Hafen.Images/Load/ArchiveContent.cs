using Hafen.Errors;
using Hafen.Oci;
using Hafen.Snapshots.Layers;

namespace Hafen.Images.Load;

/// <summary>What an archive held: its small files as they are, its layers unpacked. Disposing removes layers that no image took.</summary>
internal sealed class ArchiveContent : IDisposable
{
    // More is a loop.
    private const int MaxLinks = 16;

    // What the names and documents of an archive may take; what a manifest speaks of is far less.
    private const long MostBytes = 64 << 20;
    // Objects that stand for a name, and those that stand for a layer.
    private const int NameCost = 256, LayerCost = 4096;

    private readonly Dictionary<string, byte[]> _documents = [];
    private readonly Dictionary<string, ArchiveLayer> _layers = [];
    private readonly Dictionary<string, string> _links = [];
    private readonly HashSet<string> _verified = [];
    private long _bytes;
    private bool _incomplete;

    /// <summary>Makes room for a document or a link; false when there is none left and it is to be passed over.</summary>
    public bool Reserve(string path, long size)
    {
        long cost = NameCost + (2L * path.Length) + size;
        bool fits = _bytes + cost <= MostBytes;
        if (fits)
            _bytes += cost;
        else
            _incomplete = true;
        return fits;
    }

    /// <summary>Makes room for a layer.</summary>
    /// <exception cref="ImageException">There are too many.</exception>
    public void ReserveLayer(string path)
    {
        if (!Reserve(path, LayerCost))
            throw new ImageException(ErrorKind.InvalidParameter, "invalid archive: it holds too many files");
    }

    /// <summary>Says that a document is too long to be kept.</summary>
    public void PassOver() => _incomplete = true;

    public void AddDocument(string path, byte[] content)
    {
        _documents[path] = content;
        _links.Remove(path);
    }

    public void AddLayer(string path, ArchiveLayer layer)
    {
        if (_layers.Remove(path, out var earlier))
            earlier.Dispose();
        _layers[path] = layer;
        _links.Remove(path);
    }

    /// <param name="target">Path in the archive, not relative to the link.</param>
    public void AddLink(string path, string target) => _links[path] = target;

    /// <summary>The same array for the same document, whatever the path.</summary>
    public byte[]? Document(string path) => _documents.GetValueOrDefault(Follow(path));

    /// <exception cref="ImageException">There is no such document in the archive.</exception>
    public byte[] RequireDocument(string path, string what) => Document(path) ?? throw Missing(what);

    /// <summary>As <see cref="Document"/>, for one that must have a digest; each is computed once.</summary>
    /// <exception cref="ImageException">There is none, or it has another digest.</exception>
    public byte[] RequireBlob(string path, Digest digest)
    {
        byte[] content = RequireDocument(path, $"the blob {digest}");
        if (_verified.Contains(path))
            return content;
        var found = Digest.OfSha256(content);
        if (found != digest)
            throw new ImageException(ErrorKind.InvalidParameter, $"digest mismatch: expected {digest}, got {found}");
        _verified.Add(path);
        return content;
    }

    /// <exception cref="ImageException">There is no such layer in the archive.</exception>
    public ArchiveLayer Layer(string path) => _layers.GetValueOrDefault(Follow(path)) ?? throw Missing($"the layer {path}");

    public void Dispose()
    {
        foreach (var layer in _layers.Values)
            layer.Dispose();
    }

    private ImageException Missing(string what)
        => new(ErrorKind.InvalidParameter, $"invalid archive: {what} is missing" + (_incomplete ? ": the archive holds more documents, or longer ones, than are read" : ""));

    private string Follow(string path)
    {
        path = Clean(path);
        for (int i = 0; i < MaxLinks && _links.TryGetValue(path, out string? target); i++)
            path = target;
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
