using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Trees;

/// <summary>Replaces files so that a reader, now or after a crash, sees the old content or the new one and nothing between.</summary>
public static class AtomicFile
{
    /// <summary>Prefix of files that a crash can leave behind; whoever owns the folder removes them at start.</summary>
    public const string TemporaryPrefix = ".new-";

    /// <summary>Writes beside, fsyncs, renames over and fsyncs the folder.</summary>
    /// <param name="path">Absolute path, as text.</param>
    /// <param name="content">The whole content.</param>
    /// <param name="mode">Permission bits of the new file.</param>
    /// <param name="durable">False leaves both fsyncs out.</param>
    /// <exception cref="LinuxException">Nothing was changed.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, uint mode = 0x180, bool durable = true)
    {
        string folder = BytePath.FromText(Path.GetDirectoryName(path)!);
        string name = BytePath.FromText(Path.GetFileName(path));
        int directory = TreeCalls.Check(TreeCalls.Open(OpenFlags.AT_FDCWD, folder, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY), "open", folder);
        string temporary = $"{TemporaryPrefix}{Environment.ProcessId}-{Environment.CurrentManagedThreadId}-{name}";
        try
        {
            TreeCalls.Unlink(directory, temporary);
            int file = TreeCalls.Check(TreeCalls.Open(directory, temporary, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_EXCL, mode), "open", temporary);
            try
            {
                TreeCalls.Check(TreeCalls.WriteAll(file, content), "write", name);
                if (durable)
                    TreeCalls.Check(TreeCalls.Sync(file), "fsync", name);
            }
            finally
            {
                _ = TreeCalls.Close(file);
            }

            TreeCalls.Check(TreeCalls.Rename(directory, temporary, directory, name), "rename", name);
            if (durable)
                TreeCalls.Check(TreeCalls.Sync(directory), "fsync", folder);
        }
        catch
        {
            TreeCalls.Unlink(directory, temporary);
            throw;
        }
        finally
        {
            _ = TreeCalls.Close(directory);
        }
    }
}
