using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;
using Hafen.Linux.FileSystem;

namespace Hafen.Cli.Commands.Images;

/// <summary>
/// The file an archive is saved to. A new or regular file appears under its name when it is complete, so that an interrupted save leaves an
/// earlier one alone; anything else (a device, a pipe, a link) is written to and never replaced.
/// </summary>
internal static class SaveTarget
{
    private const int BufferSize = 256 * 1024;

    /// <summary>Complains about a path that cannot be written before the daemon is asked for anything.</summary>
    /// <exception cref="CommandException">The folder is missing, or the path is a folder.</exception>
    public static void Check(string path)
    {
        string? folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path))
            throw new CommandException($"failed to save image: invalid output path: \"{path}\" must be a regular file");
        if (folder is not null && !Directory.Exists(folder))
            throw new CommandException($"failed to save image: invalid output path: stat {folder}: no such file or directory");
    }

    public static void Write(Stream body, string path)
    {
        if (FileStatus.TryGet(path, followLinks: false, out var status, out _) && status.Type != statx_t.S_IFREG)
        {
            WriteInto(body, path);
            return;
        }

        try
        {
            using (var file = Open(Temporary(path), FileMode.CreateNew, FileShare.None))
                Copy(body, file, path);
            File.Move(Temporary(path), path, overwrite: true);
        }
        catch
        {
            Abandon(path);
            throw;
        }
    }

    /// <summary>Removes what an interrupted <see cref="Write"/> has written so far.</summary>
    public static void Abandon(string path) => File.Delete(Temporary(path));

    private static string Temporary(string path) => $"{path}.{Environment.ProcessId}.partial";

    /// <summary>A link's file is emptied first; a device or pipe has nothing to empty.</summary>
    private static void WriteInto(Stream body, string path)
    {
        bool regular = FileStatus.TryGet(path, followLinks: true, out var status, out _) && status.Type == statx_t.S_IFREG;
        using var target = Open(path, regular ? FileMode.Truncate : FileMode.Open, FileShare.ReadWrite);
        Copy(body, target, path);
    }

    private static FileStream Open(string path, FileMode mode, FileShare share)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions
            {
                Mode = mode,
                Access = FileAccess.Write,
                Share = share,
                BufferSize = 0,

                // An image may hold what is not for everybody's eyes.
                UnixCreateMode = mode == FileMode.CreateNew ? UnixFileMode.UserRead | UnixFileMode.UserWrite : null,
            });
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new CommandException($"failed to save image: open {path}: {FileFailure.Reason(exception, path)}");
        }
    }

    private static void Copy(Stream body, FileStream target, string path)
    {
        byte[] buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = body.Read(buffer)) > 0)
        {
            try
            {
                target.Write(buffer, 0, count);
            }
            catch (IOException exception)
            {
                throw new CommandException($"failed to save image: write {path}: {FileFailure.Reason(exception, path)}");
            }
        }
    }
}
