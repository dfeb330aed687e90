using System.Text.Json;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;

namespace Hafen.Volumes.State;

/// <summary>
/// The volumes' folders: one a volume with its record in it, whatever driver it is of. What else is in a folder is the driver's. A volume exists when its record does, which is
/// written last; it goes with its folder, which one step takes out of sight.
/// </summary>
internal sealed class VolumeFolders
{
    private const string RecordName = "volume.json", TrashPrefix = ".trash-";
    private const uint FolderMode = 0x1C0;

    private readonly string _root;

    private VolumeFolders(string root) => _root = root;

    /// <summary>Makes the folder of them all if need be.</summary>
    /// <param name="root">Absolute path of the folder of them all; what it is in is there.</param>
    /// <exception cref="LinuxException">It cannot be made.</exception>
    public static VolumeFolders Open(string root)
    {
        int result = TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, BytePath.FromText(root), FolderMode);
        if (result != -Errno.EEXIST)
            TreeCalls.Check(result, "mkdir", root);
        Close(root);
        return new VolumeFolders(root);
    }

    /// <summary>The names of the folders that are there, each closed to others. Those that a removal has left are removed instead.</summary>
    public IEnumerable<string> Sweep()
    {
        foreach (string folder in Directory.EnumerateDirectories(_root))
        {
            // A link leads to a place of the operator's.
            if (new DirectoryInfo(folder).LinkTarget is null)
                Close(folder);
            string name = Path.GetFileName(folder);
            if (IsVolume(name))
                yield return name;
            else
                Discard(name);
        }
    }

    /// <summary>Whether a folder of that name can be a volume's.</summary>
    public static bool IsVolume(string name) => !name.StartsWith(TrashPrefix, StringComparison.Ordinal);

    /// <summary>Looks at a volume's folder.</summary>
    /// <param name="name">The volume.</param>
    /// <param name="record">What it says, for <see cref="FolderContent.Recorded"/>.</param>
    public FolderContent Read(string name, out VolumeRecord? record)
    {
        record = null;
        string folder = Path.Combine(_root, name);
        if (!Directory.Exists(folder))
            return FolderContent.Absent;
        try
        {
            byte[] content = File.ReadAllBytes(Path.Combine(folder, RecordName));
            if (JsonSerializer.Deserialize(content, VolumeRecordJson.Default.VolumeRecordVersion) is { IsNewer: true })
                return FolderContent.Newer;
            // The folder's name is the volume's: somebody may have copied it.
            record = JsonSerializer.Deserialize(content, VolumeRecordJson.Default.VolumeRecord) is { } read ? read with { Name = name } : null;
        }
        catch (Exception exception) when (exception is IOException or JsonException or UnauthorizedAccessException)
        {
            return FolderContent.Unrecorded;
        }
        return record is null ? FolderContent.Unrecorded : FolderContent.Recorded;
    }

    /// <summary>Makes a volume's folder.</summary>
    /// <exception cref="LinuxException">It cannot be made, or is there.</exception>
    public void Make(string name)
    {
        string folder = Path.Combine(_root, name);
        TreeCalls.Check(TreeCalls.MakeDirectory(OpenFlags.AT_FDCWD, BytePath.FromText(folder), FolderMode), "mkdir", folder);
    }

    /// <summary>Writes the record into the folder so that it is there as a whole or not at all, also after a power cut.</summary>
    /// <exception cref="LinuxException">It cannot be written.</exception>
    public void Write(VolumeRecord record)
        => AtomicFile.Write(Path.Combine(_root, record.Name, RecordName), JsonSerializer.SerializeToUtf8Bytes(record, VolumeRecordJson.Default.VolumeRecord));

    /// <summary>Takes a folder out of sight with one step. A crash before <see cref="Delete"/> leaves a name that the next start removes. Fine when there is no folder.</summary>
    /// <returns>What it is called now.</returns>
    /// <exception cref="LinuxException">It is where it was.</exception>
    public string Trash(string name)
    {
        int root = OpenRoot();
        try
        {
            string trash = $"{TrashPrefix}{VolumeNames.Random()[..16]}";
            int result = TreeCalls.Rename(root, BytePath.FromText(name), root, trash);
            if (result != -Errno.ENOENT)
                TreeCalls.Check(result, "rename", name);
            return trash;
        }
        finally
        {
            _ = TreeCalls.Close(root);
        }
    }

    /// <summary>Removes what <see cref="Trash"/> has put away.</summary>
    /// <exception cref="LinuxException">Something of it is left; the next start tries again.</exception>
    public void Delete(string trash)
    {
        int root = OpenRoot();
        try
        {
            RemoveTree.Remove(root, trash);
        }
        finally
        {
            _ = TreeCalls.Close(root);
        }
    }

    /// <summary>Removes a folder as far as it goes.</summary>
    public void Discard(string name)
    {
        try
        {
            Delete(BytePath.FromText(name));
        }
        catch (LinuxException)
        {
            // Left for the next start; it is in nobody's way.
        }
    }

    private int OpenRoot() => TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(_root), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", _root);

    /// <summary>Volumes hold what containers put there, setuid files included: no other user of the host gets to them (CVE-2021-41091). Earlier ones were made wider.</summary>
    private static void Close(string folder)
    {
        const UnixFileMode owner = (UnixFileMode)FolderMode;
        var mode = File.GetUnixFileMode(folder);
        if ((mode & ~owner) != 0)
            File.SetUnixFileMode(folder, mode & owner);
    }
}
