using System.Collections.Concurrent;
using System.Text.Json;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Trees;
using Hafen.Volumes.Populate;

namespace Hafen.Volumes;

/// <summary>
/// Volumes as folders: <c>&lt;root&gt;/volumes/&lt;name&gt;/_data</c> with <c>volume.json</c> beside it. A volume exists when its record does, which is written last.
/// </summary>
public sealed class LocalVolumes : IVolumes
{
    public const string DriverName = "local";
    public const string AnonymousLabel = "com.docker.volume.anonymous";

    private const string DataName = "_data", FillingName = "_data.new", FilledName = "_data.full", RecordName = "volume.json", HostFillingName = ".hafen-filling", TrashPrefix = ".trash-";
    private const uint DataMode = 0x1ED, FolderMode = 0x1C0;

    private readonly string _root;
    private readonly TimeProvider _clock;
    private readonly ConcurrentDictionary<string, Volume> _volumes = new(StringComparer.Ordinal);
    // Who has which volume mounted; a set is guarded by its volume's lock.
    private readonly ConcurrentDictionary<string, HashSet<string>> _users = new(StringComparer.Ordinal);
    // A lock stands for many names: one for each name would stay behind with every anonymous volume.
    private readonly Lock[] _locks = [.. Enumerable.Range(0, 64).Select(_ => new Lock())];

    private LocalVolumes(string root, TimeProvider clock)
    {
        _root = root;
        _clock = clock;
    }

    /// <summary>Opens the volumes below <paramref name="root"/>, making their folder if need be, and clears what a crash has left.</summary>
    public static LocalVolumes Open(string root, TimeProvider? clock = null)
    {
        LocalVolumes volumes = new(Path.Combine(Path.GetFullPath(root), "volumes"), clock ?? TimeProvider.System);
        Directory.CreateDirectory(root);
        int result = TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, BytePath.FromText(volumes._root), FolderMode);
        if (result != -Errno.EEXIST)
            TreeCalls.Check(result, "mkdir", volumes._root);
        Close(volumes._root);
        foreach (string folder in Directory.EnumerateDirectories(volumes._root))
        {
            // A link leads to a place of the operator's.
            if (new DirectoryInfo(folder).LinkTarget is null)
                Close(folder);
            volumes.Read(Path.GetFileName(folder));
        }

        return volumes;
    }

    /// <summary>Volumes hold what containers put there, setuid files included: no other user of the host gets to them (CVE-2021-41091). Earlier ones were made wider.</summary>
    private static void Close(string folder)
    {
        const UnixFileMode owner = (UnixFileMode)FolderMode;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~owner) != 0)
            File.SetUnixFileMode(folder, mode & owner);
    }

    public Volume? Find(string name) => _volumes.GetValueOrDefault(name);

    public IReadOnlyList<Volume> List() => [.. _volumes.Values.OrderBy(v => v.Name, StringComparer.Ordinal)];

    public Volume Create(string? name, string? driver, IReadOnlyDictionary<string, string>? options, IReadOnlyDictionary<string, string>? labels)
    {
        bool anonymous = string.IsNullOrEmpty(name);
        string id = anonymous ? VolumeNames.Random() : name!;
        if (!string.IsNullOrEmpty(driver) && driver != DriverName)
        {
            throw new VolumeException(ErrorKind.NotFound, $"create {id}: error looking up volume plugin {driver}: plugin \"{driver}\" not found");
        }

        VolumeNames.Require(id);
        VolumeMount.Parse(id, options);
        lock (LockOf(id))
        {
            if (_volumes.TryGetValue(id, out var existing))
                return existing;
            // Somebody may have put a folder there by hand meanwhile, a backup for example: its content is the volume's.
            Read(id);
            if (_volumes.TryGetValue(id, out existing))
                return existing;
            Dictionary<string, string> marks = new(labels ?? new Dictionary<string, string>(), StringComparer.Ordinal);
            if (anonymous)
                marks[AnonymousLabel] = "";
            return Make(new VolumeRecord { Name = id, Driver = DriverName, CreatedAt = _clock.GetUtcNow(), Options = Copy(options), Labels = marks });
        }
    }

    public void Hold(string name, string user)
    {
        lock (LockOf(name))
        {
            Get(name);
            Keep(name, user);
        }
    }

    public string Mount(string name, string user)
    {
        lock (LockOf(name))
        {
            var volume = Get(name);
            Keep(name, user);
            return Reach(volume);
        }
    }

    public void Unmount(string name, string user)
    {
        lock (LockOf(name))
        {
            if (!_users.TryGetValue(name, out var users) || !users.Remove(user) || users.Count > 0)
                return;
            _users.TryRemove(name, out _);
            if (_volumes.TryGetValue(name, out var volume))
                Leave(volume);
        }
    }

    public void Populate(string name, IReadOnlyList<string> layers, string path)
    {
        lock (LockOf(name))
        {
            if (VolumeMount.Parse(name, Get(name).Options) is { } mount)
            {
                // What is copied into memory would be gone before anybody saw it.
                if (mount.HostFolder is { } hostFolder)
                    PopulateHost(hostFolder, layers, path);
                return;
            }

            int folder = OpenFolder(name);
            try
            {
                MoveIn(folder);
                if (!IsEmpty(folder))
                    return;
                RemoveTree.Remove(folder, FillingName);
                using MergedLayers merged = new(layers);
                if (!merged.CopyFolder(path, folder, FillingName))
                    return;
                TreeCalls.Check(TreeCalls.Rename(folder, FillingName, folder, FilledName), "rename", name);
                MoveIn(folder);
            }
            catch
            {
                RemoveTree.Remove(folder, FillingName);
                throw;
            }
            finally
            {
                _ = TreeCalls.Close(folder);
            }
        }
    }

    public void Remove(string name)
    {
        lock (LockOf(name))
        {
            if (!_volumes.TryGetValue(name, out var volume))
                throw NotFound(name);
            if (_users.TryGetValue(name, out var users))
                throw new VolumeException(ErrorKind.Conflict, $"remove {name}: volume is in use - [{string.Join(", ", users)}]");
            // A daemon that was killed has left it mounted.
            Leave(volume);
            int root = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(_root), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", _root);
            try
            {
                // Out of sight with one step; a crash meanwhile leaves a name that the next start removes.
                string trash = $"{TrashPrefix}{VolumeNames.Random()[..16]}";
                int result = TreeCalls.Rename(root, name, root, trash);
                if (result != -Errno.ENOENT)
                    TreeCalls.Check(result, "rename", name);
                _volumes.TryRemove(name, out _);
                RemoveTree.Remove(root, trash);
            }
            finally
            {
                _ = TreeCalls.Close(root);
            }
        }
    }

    public long Usage(string name)
    {
        Get(name);
        string path = BytePath.FromText(Path.Combine(_root, name, DataName));
        int data = TreeCalls.Open(OpenFlags.AT_FDCWD, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        // Somebody removes it, or has removed its folder by hand.
        if (data == -Errno.ENOENT)
            return 0;
        TreeCalls.Check(data, "open", path);
        try
        {
            return TreeSize.Of(data);
        }
        finally
        {
            _ = TreeCalls.Close(data);
        }
    }

    private void Keep(string name, string user) => _users.GetOrAdd(name, static _ => new HashSet<string>(StringComparer.Ordinal)).Add(user);

    /// <summary>The folder with the content. A folder of the host is used where it is: nothing is mounted over the volume's own, so nothing of it can be removed with the volume.</summary>
    private static string Reach(Volume volume)
    {
        var mount = VolumeMount.Parse(volume.Name, volume.Options);
        if (mount is null)
            return volume.Mountpoint;
        if (mount.HostFolder is { } folder)
        {
            if (Directory.Exists(folder))
                return folder;
            throw new VolumeException(
                ErrorKind.System,
                $"failed to mount local volume: mount {folder}:{volume.Mountpoint}, flags: 0x{mount.Flags:x}: {Errno.Text(File.Exists(folder) ? Errno.ENOTDIR : Errno.ENOENT)}");
        }

        // All who use it see the same memory, also those that an earlier daemon started.
        if (IsMounted(volume))
            return volume.Mountpoint;
        try
        {
            HostMount.Tmpfs(volume.Mountpoint, mount.Flags, mount.Data);
            return volume.Mountpoint;
        }
        catch (LinuxException exception)
        {
            string data = mount.Data.Length > 0 ? $", data: {mount.Data}" : "";
            throw new VolumeException(ErrorKind.System, $"failed to mount local volume: mount tmpfs:{volume.Mountpoint}{data}: {Errno.Text(exception.Number)}", exception);
        }
    }

    /// <summary>Nobody uses the volume: memory is given back.</summary>
    private static void Leave(Volume volume)
    {
        if (volume.Options.Count > 0)
            HostMount.Detach(volume.Mountpoint);
    }

    private static bool IsMounted(Volume volume)
        => TreeCalls.Stat(OpenFlags.AT_FDCWD, BytePath.FromText(volume.Mountpoint), out var content) == 0
            && TreeCalls.Stat(OpenFlags.AT_FDCWD, BytePath.FromText(Path.GetDirectoryName(volume.Mountpoint)!), out var folder) == 0
            && content.FileSystem != folder.FileSystem;

    /// <summary>A folder of the host is filled when it is there and empty. The copy is made inside it, for it may be a file system of its own.</summary>
    private static void PopulateHost(string folder, IReadOnlyList<string> layers, string path)
    {
        // What cannot be mounted is said when it is to be.
        int data = TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(folder), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        if (data < 0)
            return;
        try
        {
            // A crash meanwhile has left part of a copy.
            RemoveTree.Remove(data, HostFillingName);
            if (DirectoryEntries.Read(data).Count > 0)
                return;
            using MergedLayers merged = new(layers);
            if (!merged.CopyFolder(path, data, HostFillingName))
                return;
            MoveUp(data);
        }
        catch
        {
            RemoveTree.Remove(data, HostFillingName);
            throw;
        }
        finally
        {
            _ = TreeCalls.Close(data);
        }
    }

    private static void MoveUp(int data)
    {
        TreeCalls.Check(TreeCalls.Stat(data, HostFillingName, out var stat), "stat", HostFillingName);
        int filled = TreeCalls.Check(TreeCalls.Open(data, HostFillingName, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", HostFillingName);
        try
        {
            MoveEntries(filled, data);
        }
        finally
        {
            _ = TreeCalls.Close(filled);
        }

        CopyFile.CopyAttributes(data, HostFillingName, stat, data, ".");
        RemoveTree.Remove(data, HostFillingName);
        CopyFile.CopyTimes(stat, data, ".");
    }

    private static Dictionary<string, string>? Copy(IReadOnlyDictionary<string, string>? options)
        => options is { Count: > 0 } ? new Dictionary<string, string>(options, StringComparer.Ordinal) : null;

    private Volume Make(VolumeRecord record)
    {
        string folder = Path.Combine(_root, record.Name);
        TreeCalls.Check(TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, BytePath.FromText(folder), FolderMode), "mkdir", folder);
        try
        {
            MakeData(folder);
            AtomicFile.Write(Path.Combine(folder, RecordName), JsonSerializer.SerializeToUtf8Bytes(record, VolumeRecordJson.Default.VolumeRecord));
        }
        catch
        {
            Discard(record.Name);
            throw;
        }

        return _volumes[record.Name] = ToVolume(record);
    }

    private static void MakeData(string folder)
    {
        string data = BytePath.FromText(Path.Combine(folder, DataName));
        TreeCalls.Check(TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, data, DataMode), "mkdir", folder);
        TreeCalls.Check(TreeCalls.ChangeMode(OpenFlags.AT_FDCWD, data, DataMode), "chmod", folder);
    }

    /// <summary>Takes note of the volume in a folder, finishing or removing what a crash has left of it. A folder that is not there is fine.</summary>
    private void Read(string name)
    {
        string path = Path.Combine(_root, name);
        if (!Directory.Exists(path))
            return;
        if (name.StartsWith(TrashPrefix, StringComparison.Ordinal))
        {
            Discard(name);
            return;
        }

        bool hasData = Directory.Exists(Path.Combine(path, DataName));
        if (hasData)
            FinishFilling(name);
        var record = ReadRecord(path);
        if (record is not null)
        {
            if (!hasData)
                MakeData(path);
            _volumes[name] = ToVolume(record with { Name = name });
            return;
        }

        // Content without a record may be somebody's data put there by hand: without content it is a creation that a crash cut off.
        string data = Path.Combine(path, DataName);
        if (!hasData || !Directory.EnumerateFileSystemEntries(data).Any())
        {
            Discard(name);
            return;
        }

        _volumes[name] = ToVolume(new VolumeRecord { Name = name, Driver = DriverName, CreatedAt = Directory.GetCreationTimeUtc(data) });
    }

    private static VolumeRecord? ReadRecord(string folder)
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, RecordName)), VolumeRecordJson.Default.VolumeRecord);
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private void FinishFilling(string name)
    {
        int folder = OpenFolder(name);
        try
        {
            MoveIn(folder);
            RemoveTree.Remove(folder, FillingName);
        }
        catch (LinuxException)
        {
            // What is left is in nobody's way, and the next start tries again.
        }
        finally
        {
            _ = TreeCalls.Close(folder);
        }
    }

    /// <summary>
    /// Moves a whole copy into the volume's own folder, which stays the same one: containers that run have it mounted. Does nothing when there is no copy,
    /// so that it can be repeated after a crash. What somebody else has written there meanwhile stays.
    /// </summary>
    private static void MoveIn(int folder)
    {
        if (TreeCalls.Stat(folder, FilledName, out var stat) < 0)
            return;
        int filled = -1, data = -1;
        try
        {
            filled = TreeCalls.Check(TreeCalls.Open(folder, FilledName, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW), "open", FilledName);
            data = TreeCalls.Check(TreeCalls.Open(folder, DataName, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", DataName);
            MoveEntries(filled, data);
        }
        finally
        {
            if (filled >= 0)
                _ = TreeCalls.Close(filled);
            if (data >= 0)
                _ = TreeCalls.Close(data);
        }

        CopyFile.CopyAttributes(folder, FilledName, stat, folder, DataName);
        RemoveTree.Remove(folder, FilledName);
    }

    /// <summary>What is there already stays.</summary>
    private static void MoveEntries(int from, int to)
    {
        foreach (var entry in DirectoryEntries.Read(from))
        {
            int result = TreeCalls.Rename(from, entry.Name, to, entry.Name, TreeCalls.RENAME_NOREPLACE);
            // Some file systems do not know the flag.
            if (result == -Errno.EINVAL)
                result = TreeCalls.Rename(from, entry.Name, to, entry.Name);
            if (result != -Errno.EEXIST)
                TreeCalls.Check(result, "rename", entry.Name);
        }
    }

    private Volume ToVolume(VolumeRecord record) => new()
    {
        Name = record.Name,
        Driver = record.Driver,
        Mountpoint = Path.Combine(_root, record.Name, DataName),
        CreatedAt = record.CreatedAt,
        Options = record.Options ?? [],
        Labels = record.Labels ?? [],
    };

    private void Discard(string name)
    {
        int root = TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(_root), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        if (root < 0)
            return;
        try
        {
            RemoveTree.Remove(root, BytePath.FromText(name));
        }
        catch (LinuxException)
        {
            // Left for the next start; it is in nobody's way.
        }
        finally
        {
            _ = TreeCalls.Close(root);
        }
    }

    private int OpenFolder(string name)
        => TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(Path.Combine(_root, name)), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", name);

    private static bool IsEmpty(int folder)
    {
        int data = TreeCalls.Check(TreeCalls.Open(folder, DataName, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", DataName);
        try
        {
            return DirectoryEntries.Read(data).Count == 0;
        }
        finally
        {
            _ = TreeCalls.Close(data);
        }
    }

    private Volume Get(string name) => _volumes.GetValueOrDefault(name) ?? throw NotFound(name);

    private Lock LockOf(string name) => _locks[(uint)name.GetHashCode(StringComparison.Ordinal) % (uint)_locks.Length];

    private static VolumeException NotFound(string name) => new(ErrorKind.NotFound, $"get {name}: no such volume");
}
