using System.Collections.Concurrent;
using System.Text;
using Hafen.Oci;
using Hafen.Oci.Images;
using Hafen.Oci.Runtime;
using Hafen.Snapshots;
using Hafen.Snapshots.Tar;

namespace Hafen.Engine.Tests.Fakes;

/// <summary>Layers and snapshots in memory: names and contents without attributes. It passes the contract of the real one; failures are asked for.</summary>
internal sealed class FakeSnapshots : ISnapshotter
{
    // Folders before what is in them.
    private static readonly IComparer<string> s_order = Comparer<string>.Create(static (a, b) => string.CompareOrdinal(a.Replace('/', '\0'), b.Replace('/', '\0')));

    private readonly ConcurrentDictionary<Digest, Layer> _layers = [];
    private readonly ConcurrentDictionary<string, Snapshot> _snapshots = [];

    public FakeSnapshots() => AddLayer(FakeImages.BusyboxId, null, 100);

    /// <summary>Keys of all snapshots; one that is added here is there, empty and on nothing.</summary>
    public HashSet<string> Existing { get; } = [];

    public Exception? PrepareFailure { get; set; }

    public Exception? RemoveFailure { get; set; }

    public Action? Removing { get; set; }

    public string Name => "overlay2";

    /// <summary>A layer without files, of which others tell the size.</summary>
    public void AddLayer(Digest chainId, Digest? parent, long size) => _layers[chainId] = new Layer(new LayerInfo(chainId, parent, chainId, size), [], []);

    /// <summary>A layer of files with these contents; folders end with a slash.</summary>
    public Digest AddLayer(Digest? parent, params (string Path, string Content)[] files)
    {
        SortedDictionary<string, string?> names = new(s_order);
        foreach (var (path, content) in files)
            names[path.TrimEnd('/')] = path.EndsWith('/') ? null : content;
        byte[] tar = Tar(names.Select(file => (file.Key, file.Value)));
        var diffId = Digest.OfSha256(tar);
        var chainId = ChainIds.Next(parent, diffId);
        _layers[chainId] = new Layer(new LayerInfo(chainId, parent, diffId, files.Sum(file => file.Content.Length)), names, tar);
        return chainId;
    }

    public void Write(string key, string path, string? content) => Find(key).Own[path] = content;

    public void Delete(string key, string path)
    {
        var snapshot = Find(key);
        foreach (string name in snapshot.Own.Keys.Where(name => IsIn(name, path)).ToList())
            snapshot.Own.Remove(name);
        foreach (string name in Below(snapshot).Keys.Where(name => IsIn(name, path)))
            snapshot.Hidden.Add(name);
    }

    public bool HasLayer(Digest chainId) => _layers.ContainsKey(chainId);

    public LayerInfo GetLayer(Digest chainId) => FindLayer(chainId).Info;

    public async Task WriteDiffAsync(Digest chainId, Stream tar, CancellationToken cancellationToken) => await tar.WriteAsync(FindLayer(chainId).Tar, cancellationToken);

    public void RemoveLayer(Digest chainId)
    {
        FindLayer(chainId);
        if (_layers.Values.Any(layer => layer.Info.Parent == chainId) || Keys().Any(key => Find(key).Parent == chainId))
            throw new InvalidOperationException($"layer {chainId} is in use");
        _layers.TryRemove(chainId, out _);
    }

    public void Prepare(string key, Digest? parent, bool keep)
    {
        RequireKey(key);
        if (PrepareFailure is not null)
            throw PrepareFailure;
        if (parent is { } chainId)
            FindLayer(chainId);
        if (!Existing.Add(key))
            throw new InvalidOperationException($"snapshot {key} exists already");
        _snapshots[key] = new Snapshot(parent);
    }

    public SpecMount[] Mounts(string key)
    {
        Find(key);
        return [new SpecMount { Destination = "/", Type = "overlay", Source = "overlay" }];
    }

    public void Remove(string key)
    {
        RequireKey(key);
        Removing?.Invoke();
        if (RemoveFailure is not null)
            throw RemoveFailure;
        Existing.Remove(key);
        _snapshots.TryRemove(key, out _);
    }

    public IReadOnlyList<string> Keys() => [.. Existing];

    public long Usage(string key) => Find(key).Own.Values.Sum(content => content?.Length ?? 0);

    public IEnumerable<SnapshotChange> Changes(string key, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var snapshot = Find(key);
        var below = Below(snapshot);
        SortedDictionary<string, ChangeKind> changes = new(s_order);
        foreach (string name in snapshot.Hidden.Where(name => !snapshot.Own.ContainsKey(name) && !snapshot.Hidden.Any(other => other != name && IsIn(name, other) && !snapshot.Own.ContainsKey(other))))
        {
            changes[name] = ChangeKind.Deleted;
        }

        foreach (var (name, content) in snapshot.Own)
        {
            if (!below.TryGetValue(name, out string? before))
                changes[name] = ChangeKind.Added;
            else if (before != content)
                changes[name] = ChangeKind.Modified;
        }

        foreach (string name in changes.Keys.ToList())
        {
            for (int slash = name.LastIndexOf('/'); slash > 0; slash = name.LastIndexOf('/', slash - 1))
                changes.TryAdd(name[..slash], ChangeKind.Modified);
        }

        return [.. changes.Select(change => new SnapshotChange(change.Key, change.Value))];
    }

    public async Task<WrittenLayer> WriteChangesAsync(string key, Stream tar, CancellationToken cancellationToken)
    {
        var snapshot = Find(key);
        SortedDictionary<string, string?> entries = new(snapshot.Own, s_order);
        foreach (var change in Changes(key, cancellationToken))
        {
            int slash = change.Path.LastIndexOf('/') + 1;
            if (change.Kind == ChangeKind.Modified)
                entries.TryAdd(change.Path, null);
            else if (change.Kind == ChangeKind.Deleted && !IsOpaque(change.Path))
                entries[$"{change.Path[..slash]}.wh.{change.Path[slash..]}"] = "";
        }

        foreach (string opaque in snapshot.Hidden.Where(name => !IsOpaque(name) && snapshot.Own.TryGetValue(name, out string? content) && content is null))
            entries[$"{opaque}/.wh..wh..opq"] = "";
        byte[] bytes = Tar(entries.Select(entry => (entry.Key, entry.Value)));
        await tar.WriteAsync(bytes, cancellationToken);
        return new WrittenLayer(Digest.OfSha256(bytes), bytes.Length);

        bool IsOpaque(string path) => snapshot.Hidden.Any(folder => folder != path && IsIn(path, folder) && snapshot.Own.ContainsKey(folder));
    }

    public async Task WriteTreeAsync(string key, Stream tar, CancellationToken cancellationToken)
    {
        var snapshot = Find(key);
        var tree = Below(snapshot);
        foreach (string name in snapshot.Hidden)
            tree.Remove(name);
        foreach (var (name, content) in snapshot.Own)
            tree[name] = content;
        await tar.WriteAsync(Tar(tree.Select(entry => (entry.Key, entry.Value))), cancellationToken);
    }

    public IReadOnlyDictionary<string, string> DescribeLayer(Digest chainId)
    {
        var layer = FindLayer(chainId);
        Dictionary<string, string> folders = new() { ["MergedDir"] = $"/chains/{chainId.Hex}/merged", ["UpperDir"] = $"/layers/{chainId.Hex}", ["WorkDir"] = $"/chains/{chainId.Hex}/work" };
        if (layer.Info.Parent is { } parent)
            folders["LowerDir"] = $"/layers/{parent.Hex}";
        return folders;
    }

    public IReadOnlyDictionary<string, string> Describe(string key)
    {
        Find(key);
        return new Dictionary<string, string>
        {
            ["LowerDir"] = "/layers/b1",
            ["MergedDir"] = $"/snapshots/{key}/merged",
            ["UpperDir"] = $"/snapshots/{key}/fs",
            ["WorkDir"] = $"/snapshots/{key}/work",
        };
    }

    private static void RequireKey(string key)
    {
        if (key.Length == 0 || key[0] == '.' || key.Contains('/'))
            throw new ArgumentException($"invalid snapshot key \"{key}\"");
    }

    private static bool IsIn(string name, string path) => name == path || name.StartsWith(path + "/", StringComparison.Ordinal);

    private Layer FindLayer(Digest chainId) => _layers.TryGetValue(chainId, out var layer) ? layer : throw new KeyNotFoundException($"layer {chainId} does not exist");

    private Snapshot Find(string key) => Existing.Contains(key) ? _snapshots.GetOrAdd(key, _ => new Snapshot(null)) : throw new KeyNotFoundException($"snapshot {key} does not exist");

    /// <summary>What lies below a snapshot; its layers have no whiteouts.</summary>
    private SortedDictionary<string, string?> Below(Snapshot snapshot)
    {
        SortedDictionary<string, string?> names = new(s_order);
        for (var at = snapshot.Parent; at is { } chainId; at = FindLayer(chainId).Info.Parent)
        {
            foreach (var (name, content) in FindLayer(chainId).Names)
                names.TryAdd(name, content);
        }

        return names;
    }

    private static byte[] Tar(IEnumerable<(string Path, string? Content)> entries)
    {
        MemoryStream tar = new();
        foreach (var (path, content) in entries)
        {
            tar.Write(TarWriter.Header(content is null ? path + "/" : path, content is null ? TarType.Directory : TarType.File, 0x1ED, content?.Length ?? 0, 0));
            tar.Write(Encoding.UTF8.GetBytes(content ?? ""));
            tar.Write(TarWriter.Padding(content?.Length ?? 0));
        }

        tar.Write(TarWriter.End);
        return tar.ToArray();
    }

    private sealed record Layer(LayerInfo Info, SortedDictionary<string, string?> Names, byte[] Tar);

    private sealed record Snapshot(Digest? Parent)
    {
        /// <summary>By path; folders have no content.</summary>
        public Dictionary<string, string?> Own { get; } = [];

        /// <summary>Names below that were deleted, those in a deleted folder, too.</summary>
        public HashSet<string> Hidden { get; } = [];
    }
}
