using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// Descriptors of a layer's folders, resolved beneath its root by the kernel: links inside the layer are followed as in the container
/// (absolute ones start at the layer's root), and none leads out (CVE-2025-47290).
/// </summary>
/// <param name="root">The layer's root.</param>
/// <param name="implicits">Makes folders that no entry has described.</param>
internal sealed class FolderCache(int root, ImplicitFolders implicits) : IDisposable
{
    private const int Capacity = 32;
    // As the kernel in one path.
    private const int MaxLinks = 40;

    private readonly Dictionary<string, Folder> _folders = [];
    private readonly Queue<string> _order = [];
    private readonly List<int> _condemned = [];
    private readonly string _rootPath = TreeCalls.PathOf(root) ?? throw new LayerException("the layer's root has no path");

    /// <summary>A folder's descriptor and its path free of links; the descriptor stays the cache's and is valid until the next <see cref="Sweep"/>.</summary>
    /// <exception cref="LayerException">The path does not lead to a folder beneath the root.</exception>
    public Folder Open(string path, bool create = true)
    {
        if (path.Length == 0)
            return new Folder(root, "");
        if (_folders.TryGetValue(path, out var known))
            return known;

        int result = Resolve(path, OpenFlags.RESOLVE_NO_SYMLINKS);
        if (result >= 0)
            return Add(path, new Folder(result, path));
        if (result == -Errno.ELOOP || (result == -Errno.ENOENT && create))
            return Add(path, Walk(path, create));
        throw Unusable(path, result);
    }

    /// <summary>As <see cref="Open"/> for a path free of links; null when it leads to no folder any more.</summary>
    public Folder? Find(string path)
    {
        if (path.Length == 0)
            return new Folder(root, "");
        if (_folders.TryGetValue(path, out var known))
            return known;
        int result = Resolve(path, OpenFlags.RESOLVE_NO_SYMLINKS);
        return result < 0 ? null : Add(path, new Folder(result, path));
    }

    /// <summary>
    /// Goes down a path folder by folder, through links and making what is missing. Each step starts where the last one ended: a path of thousands of folders costs
    /// as many steps and not their square, and no more than two descriptors.
    /// </summary>
    private Folder Walk(string path, bool create)
    {
        Folder at = new(root, "");
        int made = 0, links = 0;
        // The canonical path is what the last link led to and the part of the path behind it, put together only when it is asked for.
        string linked = "";
        int behind = 0;
        try
        {
            for (int start = 0; start < path.Length;)
            {
                int slash = path.IndexOf('/', start);
                int end = slash < 0 ? path.Length : slash;
                string name = path[start..end];
                int next = Step(at.Descriptor, name);
                if (next == -Errno.ENOENT && create)
                {
                    implicits.Make(at.Descriptor, name);
                    made++;
                    next = Step(at.Descriptor, name);
                }
                else if (next == -Errno.ELOOP && ++links <= MaxLinks)
                {
                    next = Resolve(Join(linked, path[behind..end]), 0);
                    if (next >= 0)
                    {
                        linked = CanonicalOf(next, path);
                        behind = Math.Min(end + 1, path.Length);
                    }
                }

                if (next < 0)
                    throw Unusable(path, next);
                if (at.Descriptor != root)
                    _ = TreeCalls.Close(at.Descriptor);
                at = new Folder(next, "");
                start = end + 1;
            }

            string canonical = Join(linked, path[behind..]);
            if (made > 0)
                implicits.Note(canonical, made);
            return at with { Path = canonical };
        }
        catch
        {
            if (at.Descriptor != root)
                _ = TreeCalls.Close(at.Descriptor);
            throw;
        }
    }

    private static string Join(string first, string second) => first.Length == 0 ? second : second.Length == 0 ? first : $"{first}/{second}";

    private static LayerException Unusable(string path, int result)
        => new($"cannot use folder \"{BytePath.ToText(path)}\" of the layer: {Errno.Text(-result)}", new LinuxException(-result, "openat2"));

    private static int Step(int folder, string name)
        => TreeCalls.OpenBeneath(
            folder, name, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, OpenFlags.RESOLVE_BENEATH | OpenFlags.RESOLVE_NO_SYMLINKS | OpenFlags.RESOLVE_NO_MAGICLINKS);

    /// <summary>
    /// Forgets what may lead elsewhere now that <paramref name="replaced"/> was replaced: paths below it, and paths that went through links.
    /// </summary>
    public void Forget(string replaced)
    {
        foreach (var (path, folder) in _folders.ToList())
        {
            bool below = folder.Path == replaced || folder.Path.StartsWith(replaced + "/", StringComparison.Ordinal);
            if (!below && path == folder.Path)
                continue;
            _folders.Remove(path);
            _condemned.Add(folder.Descriptor);
        }
    }

    /// <summary>Closes what the cache has given up since the last time.</summary>
    public void Sweep()
    {
        foreach (int descriptor in _condemned)
            _ = TreeCalls.Close(descriptor);
        _condemned.Clear();
    }

    public void Dispose()
    {
        _condemned.AddRange(_folders.Values.Select(f => f.Descriptor));
        _folders.Clear();
        Sweep();
    }

    private int Resolve(string path, ulong extra)
        => TreeCalls.OpenBeneath(root, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY, OpenFlags.RESOLVE_IN_ROOT | OpenFlags.RESOLVE_NO_MAGICLINKS | extra);

    private string CanonicalOf(int descriptor, string path)
    {
        string? absolute = TreeCalls.PathOf(descriptor);
        if (absolute == _rootPath)
            return "";
        if (absolute is not null && absolute.StartsWith(_rootPath + "/", StringComparison.Ordinal))
            return absolute[(_rootPath.Length + 1)..];
        _ = TreeCalls.Close(descriptor);
        throw new LayerException($"folder \"{BytePath.ToText(path)}\" is outside of the layer's root");
    }

    private Folder Add(string path, Folder folder)
    {
        while (_order.Count >= Capacity)
        {
            if (_folders.Remove(_order.Dequeue(), out var oldest))
                _condemned.Add(oldest.Descriptor);
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
