using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;
using Hafen.Volumes.Populate;

namespace Hafen.Volumes.Local;

/// <summary>Fills empty volumes with what an image has, so that a crash leaves them empty or full.</summary>
internal static class LocalFill
{
    /// <summary>The content's folder in a volume's.</summary>
    public const string DataName = "_data";

    private const string FillingName = "_data.new", FilledName = "_data.full", HostFillingName = ".hafen-filling";

    /// <summary>Path of the content.</summary>
    /// <param name="folder">The volume's.</param>
    public static string Data(string folder) => Path.Combine(folder, DataName);

    /// <summary>Fills a volume that is empty.</summary>
    /// <param name="volume">Path of its folder.</param>
    /// <param name="layers">Topmost first.</param>
    /// <param name="path">Absolute path in the merged tree.</param>
    public static void Fill(string volume, IReadOnlyList<string> layers, string path)
    {
        int folder = Open(volume);
        try
        {
            MoveIn(folder);
            if (!IsEmpty(folder))
                return;
            RemoveTree.Remove(folder, FillingName);
            using MergedLayers merged = new(layers);
            if (!merged.CopyFolder(path, folder, FillingName))
                return;
            TreeCalls.Check(TreeCalls.Rename(folder, FillingName, folder, FilledName), "rename", Path.GetFileName(volume));
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

    /// <summary>A folder of the host is filled when it is there and empty. The copy is made inside it, for it may be a file system of its own.</summary>
    public static void FillHost(string folder, IReadOnlyList<string> layers, string path)
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

    /// <summary>Finishes what a crash has cut off.</summary>
    /// <param name="volume">Path of the volume's folder.</param>
    public static void Finish(string volume)
    {
        int folder = Open(volume);
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

    private static int Open(string volume)
        => TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, BytePath.FromText(volume), OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", volume);
}
