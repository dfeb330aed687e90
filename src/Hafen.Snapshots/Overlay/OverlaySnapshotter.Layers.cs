using System.Globalization;
using System.Text;
using System.Text.Json;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;
using Hafen.Oci;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Overlay;

/// <summary>The read-only part: which layers there are and where their files lie.</summary>
public sealed partial class OverlaySnapshotter
{
    private const string RecordName = "layer.json", RecipeName = "tar.recipe", ReplacedName = "replaced";
    private const string FolderDigits = "0123456789acdefghijklmnopqrstuvwxyz";

    private readonly Dictionary<Digest, LayerEntry> _layers = [];
    // One for each lease.
    private readonly List<Digest> _held = [];
    private readonly HashSet<string> _folderNames = [BaseLayer.Folder];
    private readonly List<string> _leftAlone = [];
    private int _nextFolder;

    public IReadOnlyList<string> LeftAlone => _leftAlone;

    public bool HasLayer(Digest chainId)
    {
        lock (_gate)
            return _layers.ContainsKey(chainId);
    }

    public LayerInfo GetLayer(Digest chainId) => GetEntry(chainId).Info;

    public long TarSize(Digest chainId) => GetEntry(chainId).Record.TarSize;

    public Digest? FindByDiffId(Digest diffId)
    {
        lock (_gate)
        {
            foreach (var entry in _layers.Values)
            {
                if (entry.Info.DiffId == diffId)
                    return entry.Info.ChainId;
            }

            return null;
        }
    }

    public IDisposable? Hold(Digest chainId)
    {
        lock (_gate)
        {
            if (!_layers.ContainsKey(chainId))
                return null;
            _held.Add(chainId);
            return new LayerLease(() =>
            {
                lock (_gate)
                    _held.Remove(chainId);
            });
        }
    }

    public void RemoveLayer(Digest chainId)
    {
        lock (_commitGate)
            lock (_gate)
            {
                GetEntry(chainId);
                if (_leftAlone.Count > 0)
                    throw new InvalidOperationException($"layer {chainId} may have layers above it: {_leftAlone[0]}");
                if (_layers.Values.Any(l => l.Info.Parent == chainId))
                    throw new InvalidOperationException($"layer {chainId} has layers above it");
                if (_snapshots.Values.Any(s => s.Parent == chainId))
                    throw new InvalidOperationException($"layer {chainId} has snapshots above it");
                if (_held.Contains(chainId))
                    throw new InvalidOperationException($"layer {chainId} is in use");
                Discard(chainId);
            }
    }

    public IReadOnlyList<Digest> Collect(IEnumerable<Digest> tops)
    {
        lock (_commitGate)
            lock (_gate)
            {
                if (_leftAlone.Count > 0)
                    return [];
                HashSet<Digest> live = [];
                foreach (var top in tops.Concat(_held).Concat(_snapshots.Values.Where(s => s.Parent is not null).Select(s => s.Parent!.Value)))
                {
                    for (Digest? at = top; at is { } id && _layers.TryGetValue(id, out var entry) && live.Add(id); at = entry.Info.Parent)
                    {
                    }
                }

                List<Digest> dead = [.. _layers.Keys.Where(id => !live.Contains(id)).OrderByDescending(Depth)];
                foreach (var id in dead)
                    Discard(id);
                return dead;
            }
    }

    /// <summary>Folders from the topmost layer to the base, parted by colons.</summary>
    private string LowerFolders(Digest? top) => string.Join(':', [.. LayerFolders(top), $"{_root}/layers/{BaseLayer.Folder}"]);

    /// <summary>Folders of a layer and those below, topmost first.</summary>
    private string[] LayerFolders(Digest? top)
    {
        List<string> folders = [];
        lock (_gate)
        {
            for (var at = top; at is { } id;)
            {
                var entry = GetEntry(id);
                folders.Add($"{_root}/layers/{entry.Record.Folder}");
                at = entry.Info.Parent;
            }
        }

        return [.. folders];
    }

    private FileStat RootOf(Digest chainId)
    {
        var entry = GetEntry(chainId);
        if (entry.Root is { } known)
            return known;
        TreeCalls.Check(TreeCalls.Stat(_layersFolder, entry.Record.Folder, out var stat), "stat", entry.Record.Folder);
        entry.Root = stat;
        return stat;
    }

    private LayerEntry GetEntry(Digest chainId)
    {
        lock (_gate)
            return _layers.TryGetValue(chainId, out var entry) ? entry : throw new KeyNotFoundException($"layer {chainId} does not exist");
    }

    private int Depth(Digest chainId)
    {
        int depth = 0;
        for (Digest? at = chainId; at is { } id && _layers.TryGetValue(id, out var entry); at = entry.Info.Parent)
            depth++;
        return depth;
    }

    private void Discard(Digest chainId)
    {
        // The record goes first: without it the files are leftovers, which any start clears.
        _trash.Throw(_chainsFolder, chainId.Hex);
        if (!_layers.Remove(chainId, out var entry))
            return;
        _trash.Throw(_layersFolder, entry.Record.Folder);
        _folderNames.Remove(entry.Record.Folder);
    }

    private void ReadLayers()
    {
        foreach (var staged in ListFolder("staging"))
            _trash.Throw(_stagingFolder, staged.Name);
        HashSet<string> newer = [];
        foreach (var chain in ListFolder("chains"))
        {
            try
            {
                if (ReadRecord(chain.Name) is { } record && Digest.TryParse("sha256:" + chain.Name, out var chainId))
                    Add(chainId, record);
                else
                    _trash.Throw(_chainsFolder, chain.Name);
            }
            catch (NewerVersionException exception)
            {
                newer.Add(chain.Name);
                _leftAlone.Add(exception.Message);
            }
        }

        foreach (var id in _layers.Keys.ToList())
        {
            if (!Survived(id))
                Discard(id);
        }

        // A layer whose parent is gone can be used by nothing; one whose parent is a newer release's, by nothing of this one.
        bool again = true;
        while (again)
        {
            again = false;
            foreach (var (id, entry) in _layers.ToList())
            {
                if (entry.Info.Parent is not { } parent || _layers.ContainsKey(parent))
                    continue;
                if (newer.Contains(parent.Hex) && newer.Add(id.Hex))
                    _layers.Remove(id);
                else
                    Discard(id);
                again = true;
            }
        }

        // Which of the folders are a newer release's is not known.
        if (newer.Count > 0)
            return;
        HashSet<string> used = [BaseLayer.Folder, .. _layers.Values.Select(l => l.Record.Folder)];
        foreach (var folder in ListFolder("layers"))
        {
            if (!used.Contains(folder.Name) && !IsBase(folder.Name))
                _trash.Throw(_layersFolder, folder.Name);
        }
    }

    /// <summary>
    /// Whether a layer's files are whole. One that carries the mark of another boot may not have reached the disk before the machine went down; its bytes decide.
    /// </summary>
    private bool Survived(Digest chainId)
    {
        string mark = $"{_root}/chains/{chainId.Hex}/{LayerSync.Mark}";
        try
        {
            if (!File.Exists(mark))
                return true;
            if (File.ReadAllText(mark) != LayerSync.BootId)
                WriteDiffAsync(chainId, Stream.Null, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (Exception)
        {
            // Whatever a power cut has left in its place.
            return false;
        }

        _layerSync.Add(chainId.Hex);
        return true;
    }

    // Base layers of other versions may be mounted by containers that were started before an update.
    private static bool IsBase(string name) => name.Length > 1 && name[0] == 'b' && name.AsSpan(1).IndexOfAnyExceptInRange('0', '9') < 0;

    /// <exception cref="NewerVersionException">A newer release has written it.</exception>
    private LayerRecord? ReadRecord(string chain)
    {
        try
        {
            var record = VersionedJson.Read($"{_root}/chains/{chain}/{RecordName}", LayerRecordJson.Default.LayerRecord, LayerRecord.CurrentVersion);
            if (!Digest.TryParse(record.DiffId, out _) || (record.Parent is not null && !Digest.TryParse(record.Parent, out _)))
                return null;
            return TreeCalls.Stat(_layersFolder, record.Folder, out _) == 0 ? record : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private LayerEntry Add(Digest chainId, LayerRecord record)
    {
        LayerInfo info = new(chainId, record.Parent is null ? null : Digest.Parse(record.Parent), Digest.Parse(record.DiffId), record.Size);
        LayerEntry entry = new(info, record);
        _layers[chainId] = entry;
        _folderNames.Add(record.Folder);
        return entry;
    }

    /// <summary>A short unused name: 128 of these paths fit into the page that mount(2) takes as options.</summary>
    private string ReserveFolder()
    {
        lock (_gate)
        {
            while (true)
            {
                StringBuilder name = new();
                for (int rest = _nextFolder++; ; rest /= FolderDigits.Length)
                {
                    name.Append(FolderDigits[rest % FolderDigits.Length]);
                    if (rest < FolderDigits.Length)
                        break;
                }

                // Names that begin with b are the base layers'; the digits leave that letter out.
                string text = name.ToString();
                if (!_folderNames.Add(text))
                    continue;
                if (TreeCalls.Stat(_layersFolder, text, out _) == -Errno.ENOENT)
                    return text;
                _folderNames.Remove(text);
            }
        }
    }

    private sealed class LayerLease(Action release) : IDisposable
    {
        private Action? _release = release;

        public void Dispose() => Interlocked.Exchange(ref _release, null)?.Invoke();
    }

    private sealed record LayerEntry(LayerInfo Info, LayerRecord Record)
    {
        public FileStat? Root { get; set; }

        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Info.ChainId} in {Record.Folder}");
    }
}
