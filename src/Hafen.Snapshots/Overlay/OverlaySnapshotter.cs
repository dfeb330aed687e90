using System.Collections.Concurrent;
using Hafen.Linux.FileSystem;
using Hafen.Linux;
using Hafen.Linux.Mounts;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Oci.Runtime;

namespace Hafen.Snapshots.Overlay;

/// <summary>
/// Layers and snapshots on overlayfs. Below the root: <c>layers/&lt;id&gt;</c> files of a layer; <c>chains/&lt;chain ID&gt;</c> its record and tar recipe;
/// <c>staging/</c> records of layers that are not committed; <c>snapshots/&lt;key&gt;</c> writable parts; <c>trash/</c> what is being deleted.
/// </summary>
public sealed partial class OverlaySnapshotter : ILayerStore, IAsyncDisposable
{
    private const string UpperName = "fs", WorkName = "work", ParentName = "parent";
    private const string VolatileMark = "?volatile";
    private const uint DefaultRootMode = 0x1ED;

    private readonly string _root;
    private readonly int _layersFolder;
    private readonly int _chainsFolder;
    private readonly int _stagingFolder;
    private readonly int _snapshotsFolder;
    private readonly Trash _trash;
    private readonly SnapshotSync _sync;
    private readonly LayerSync _layerSync;
    private readonly ConcurrentDictionary<string, SnapshotRecord> _snapshots = [];
    // Guards the set of layers against the making of snapshots above them.
    private readonly Lock _gate = new();

    private OverlaySnapshotter(string root)
    {
        _root = root;
        _layersFolder = OpenFolder("layers");
        _chainsFolder = OpenFolder("chains");
        _stagingFolder = OpenFolder("staging");
        _snapshotsFolder = OpenFolder("snapshots");
        _trash = new Trash(OpenFolder("trash"));
        _sync = new SnapshotSync(_snapshotsFolder);
        _layerSync = new LayerSync(_chainsFolder);
    }

    /// <summary>Opens the store below <paramref name="root"/>, making it if need be, and clears what a crash has left.</summary>
    /// <param name="root">Absolute path without colon, comma and backslash, which have a meaning in overlayfs' options.</param>
    /// <exception cref="ArgumentException">The path has such a character.</exception>
    /// <exception cref="LinuxException">The folders cannot be made.</exception>
    /// <exception cref="PlatformNotSupportedException">Overlayfs is missing or does not work on this file system.</exception>
    public static OverlaySnapshotter Open(string root)
    {
        root = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        if (root.AsSpan().ContainsAny(":,\\"))
            throw new ArgumentException($"the data folder \"{root}\" must not have a colon, comma or backslash in its path: overlayfs cannot mount it");
        Directory.CreateDirectory(root);
        OverlaySnapshotter snapshotter = new(root);
        BaseLayer.Ensure(snapshotter._layersFolder);
        snapshotter.RequireOverlay();
        snapshotter.ReadLayers();
        snapshotter.ReadSnapshots();
        return snapshotter;
    }

    public string Name => "overlay2";

    public void Prepare(string key, Digest? parent, bool keep)
    {
        RequireKey(key);
        SnapshotRecord record = new(parent, keep);
        lock (_gate)
        {
            if (parent is { } chainId)
                GetEntry(chainId);
            if (!_snapshots.TryAdd(key, record))
                throw new InvalidOperationException($"snapshot {key} exists already");
        }

        try
        {
            Make(key, record);
        }
        catch
        {
            _snapshots.TryRemove(key, out _);
            _trash.Throw(_snapshotsFolder, key);
            throw;
        }
    }

    public SpecMount[] Mounts(string key)
    {
        var record = GetSnapshot(key);
        string folder = $"{_root}/snapshots/{key}";
        // A volatile mount refuses a work folder that was not unmounted in order; what is in it after the kill of a container is fine with us.
        if (!record.Keep)
            RemoveTree.Remove(_snapshotsFolder, $"{key}/{WorkName}/work/incompat");
        string[] options = [$"lowerdir={LowerFolders(record.Parent)}", $"upperdir={folder}/{UpperName}", $"workdir={folder}/{WorkName}"];
        return
        [
            new SpecMount
            {
                Destination = "/",
                Type = "overlay",
                Source = "overlay",
                Options = record.Keep ? options : [.. options, "volatile"],
            },
        ];
    }

    public void Remove(string key)
    {
        RequireKey(key);
        _trash.Throw(_snapshotsFolder, key);
        _snapshots.TryRemove(key, out _);
    }

    public IReadOnlyList<string> Keys() => [.. _snapshots.Keys];

    public long Usage(string key)
    {
        GetSnapshot(key);
        int folder = TreeCalls.Open(_snapshotsFolder, $"{key}/{UpperName}", OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW);
        TreeCalls.Check(folder, "open", key);
        try
        {
            return TreeSize.Of(folder);
        }
        finally
        {
            _ = TreeCalls.Close(folder);
        }
    }

    public IReadOnlyDictionary<string, string> Describe(string key)
    {
        var record = GetSnapshot(key);
        string folder = $"{_root}/snapshots/{key}";
        return new Dictionary<string, string>
        {
            ["LowerDir"] = LowerFolders(record.Parent),
            ["MergedDir"] = $"{folder}/merged",
            ["UpperDir"] = $"{folder}/{UpperName}",
            ["WorkDir"] = $"{folder}/{WorkName}",
        };
    }

    public IReadOnlyDictionary<string, string> DescribeLayer(Digest chainId)
    {
        string[] folders = LayerFolders(chainId);
        string place = $"{_root}/chains/{chainId.Hex}";
        Dictionary<string, string> description = new()
        {
            ["MergedDir"] = $"{place}/merged",
            ["UpperDir"] = folders[0],
            ["WorkDir"] = $"{place}/work",
        };
        if (folders.Length > 1)
            description["LowerDir"] = string.Join(':', folders[1..]);
        return description;
    }

    public async ValueTask DisposeAsync()
    {
        await _sync.DisposeAsync();
        await _layerSync.DisposeAsync();
        await _trash.DisposeAsync();
        foreach (int folder in (int[])[_layersFolder, _chainsFolder, _stagingFolder, _snapshotsFolder])
            _ = TreeCalls.Close(folder);
    }

    private void Make(string key, SnapshotRecord record)
    {
        TreeCalls.Check(TreeCalls.MakeDirectory(_snapshotsFolder, key, 0x1C0), "mkdir", key);
        TreeCalls.Check(TreeCalls.MakeDirectory(_snapshotsFolder, $"{key}/{WorkName}", 0x1C0), "mkdir", key);
        TreeCalls.Check(TreeCalls.MakeDirectory(_snapshotsFolder, $"{key}/{UpperName}", DefaultRootMode), "mkdir", key);
        // The upper folder is what the container sees as /, so it looks like the topmost layer's root.
        var root = record.Parent is { } parent ? RootOf(parent) : new FileStat { Mode = FileType.S_IFDIR | DefaultRootMode };
        TreeCalls.Check(TreeCalls.ChangeMode(_snapshotsFolder, $"{key}/{UpperName}", root.Permissions), "chmod", key);
        if (root.Uid != 0 || root.Gid != 0)
            TreeCalls.Check(TreeCalls.ChangeOwner(_snapshotsFolder, $"{key}/{UpperName}", root.Uid, root.Gid), "chown", key);
        // The parent is written last: a snapshot without it was never finished.
        string text = (record.Parent?.ToString() ?? "none") + (record.Keep ? "" : VolatileMark);
        TreeCalls.Check(TreeCalls.MakeLink(_snapshotsFolder, $"{key}/{ParentName}", text), "symlink", key);
        if (record.Keep)
            _sync.Add(key);
    }

    /// <summary>Asked once at the start: later it would be the first container that fails, with a bare "invalid argument".</summary>
    private void RequireOverlay()
    {
        string folder = $"{_root}/staging/probe";
        try
        {
            Directory.CreateDirectory($"{folder}/upper");
            Directory.CreateDirectory($"{folder}/work");
            int result = OverlayProbe.Try($"{_root}/layers/{BaseLayer.Folder}", $"{folder}/upper", $"{folder}/work");
            if (result == 0)
                return;
            throw new PlatformNotSupportedException(
                result == -Errno.ENODEV ? "this kernel has no overlayfs, which images and containers need (CONFIG_OVERLAY_FS, module overlay)"
                : $"overlayfs does not work in the data folder {_root} ({Errno.Text(-result)}): it must lie on a file system such as ext4, xfs or btrfs, not on another overlay");
        }
        finally
        {
            _trash.Throw(_stagingFolder, "probe");
        }
    }

    private void ReadSnapshots()
    {
        foreach (var entry in ListFolder("snapshots"))
        {
            string? text = TreeCalls.ReadLink(_snapshotsFolder, $"{entry.Name}/{ParentName}", out _);
            bool keep = text is not null && !text.EndsWith(VolatileMark, StringComparison.Ordinal);
            string? parent = keep ? text : text?[..^VolatileMark.Length];
            if (parent is null || (parent != "none" && !Digest.TryParse(parent, out _)))
                _trash.Throw(_snapshotsFolder, entry.Name);
            else
                _snapshots[entry.Name] = new SnapshotRecord(parent == "none" ? null : Digest.Parse(parent), keep);
        }
    }

    private SnapshotRecord GetSnapshot(string key)
        => _snapshots.TryGetValue(key, out var record) ? record : throw new KeyNotFoundException($"snapshot {key} does not exist");

    private static void RequireKey(string key)
    {
        if (key.Length is 0 or > 200 || key[0] == '.' || key.Contains('/', StringComparison.Ordinal))
            throw new ArgumentException($"invalid snapshot key \"{key}\"");
    }

    private int OpenFolder(string name)
    {
        string path = BytePath.FromText($"{_root}/{name}");
        int result = TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, path, 0x1C0);
        if (result != -Errno.EEXIST)
            TreeCalls.Check(result, "mkdir", path);
        return TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", path);
    }

    private List<DirectoryEntry> ListFolder(string name)
    {
        int folder = OpenFolder(name);
        try
        {
            return DirectoryEntries.Read(folder);
        }
        finally
        {
            _ = TreeCalls.Close(folder);
        }
    }

    private sealed record SnapshotRecord(Digest? Parent, bool Keep);
}
