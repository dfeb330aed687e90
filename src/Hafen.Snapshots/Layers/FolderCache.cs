using Hafen.Linux;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// Descriptors of a layer's folders, resolved beneath its root by the kernel: links inside the layer are followed as in the container
/// (absolute ones start at the layer's root), and none leads out (CVE-2025-47290).
/// </summary>
/// <param name="root">The layer's root.</param>
/// <param name="missing">Makes a folder that no entry has described: parent descriptor, its canonical path, name.</param>
internal sealed class FolderCache(int root, Action<int, string, string> missing) : IDisposable
{
    private const int Capacity = 32;

    private readonly Dictionary<string, Folder> _folders = [];
    private readonly Queue<string> _order = [];
    private readonly List<int> _condemned = [];
    private readonly string _rootPath = TreeCalls.PathOf(root) ?? throw new LayerException("the layer's root has no path");

    /// <summary>A folder's descriptor and its path free of links; the descriptor stays the cache's and is valid until the next <see cref="Sweep"/>.</summary>
    /// <exception cref="LayerException">The path does not lead to a folder beneath the root.</exception>
    public Folder Open(string path, bool create = true)
    {
        if (path.Length == 0) return new Folder(root, "");
        if (_folders.TryGetValue(path, out var known)) return known;

        string canonical = path;
        int result = Resolve(path, TreeCalls.RESOLVE_NO_SYMLINKS);
        if (result == -Errno.ELOOP)
        {
            result = Resolve(path, 0);
            if (result >= 0) canonical = CanonicalOf(result, path);
        }

        if (result == -Errno.ENOENT && create)
        {
            string name = BytePath.Name(path);
            var parent = Open(BytePath.Parent(path));
            missing(parent.Descriptor, parent.Path, name);
            canonical = parent.Path.Length == 0 ? name : $"{parent.Path}/{name}";
            result = Resolve(canonical, TreeCalls.RESOLVE_NO_SYMLINKS);
        }

        if (result < 0) throw new LayerException($"cannot use folder \"{BytePath.ToText(path)}\" of the layer: {Errno.Text(-result)}", new LinuxException(-result, "openat2"));
        return Add(path, new Folder(result, canonical));
    }

    /// <summary>
    /// Forgets what may lead elsewhere now that <paramref name="replaced"/> was replaced: paths below it, and paths that went through links.
    /// </summary>
    public void Forget(string replaced)
    {
        foreach (var (path, folder) in _folders.ToList())
        {
            bool below = folder.Path == replaced || folder.Path.StartsWith(replaced + "/", StringComparison.Ordinal);
            if (!below && path == folder.Path) continue;
            _folders.Remove(path);
            _condemned.Add(folder.Descriptor);
        }
    }

    /// <summary>Closes what the cache has given up since the last time.</summary>
    public void Sweep()
    {
        foreach (int descriptor in _condemned) _ = TreeCalls.Close(descriptor);
        _condemned.Clear();
    }

    public void Dispose()
    {
        _condemned.AddRange(_folders.Values.Select(f => f.Descriptor));
        _folders.Clear();
        Sweep();
    }

    private int Resolve(string path, ulong extra)
        => TreeCalls.OpenBeneath(root, path, TreeCalls.O_PATH | TreeCalls.O_DIRECTORY, TreeCalls.RESOLVE_IN_ROOT | TreeCalls.RESOLVE_NO_MAGICLINKS | extra);

    private string CanonicalOf(int descriptor, string path)
    {
        string? absolute = TreeCalls.PathOf(descriptor);
        if (absolute == _rootPath) return "";
        if (absolute is not null && absolute.StartsWith(_rootPath + "/", StringComparison.Ordinal)) return absolute[(_rootPath.Length + 1)..];
        _ = TreeCalls.Close(descriptor);
        throw new LayerException($"folder \"{BytePath.ToText(path)}\" is outside of the layer's root");
    }

    private Folder Add(string path, Folder folder)
    {
        while (_order.Count >= Capacity)
        {
            if (_folders.Remove(_order.Dequeue(), out var oldest)) _condemned.Add(oldest.Descriptor);
        }

        _folders.Add(path, folder);
        _order.Enqueue(path);
        return folder;
    }
}

/// <param name="Descriptor">O_PATH descriptor.</param>
/// <param name="Path">Path beneath the layer's root, free of links.</param>
internal readonly record struct Folder(int Descriptor, string Path)
{
    public string Child(string name) => Path.Length == 0 ? name : $"{Path}/{name}";
}
