using Hafen.Cli.CommandLine;
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
        var folder = Path.GetDirectoryName(Path.GetFullPath(path));
        if (Directory.Exists(path)) throw new CommandException($"failed to save image: invalid output path: \"{path}\" must be a regular file");
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

        var temporary = $"{path}.{Environment.ProcessId}.partial";
        try
        {
            using (var file = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0)) Copy(body, file);
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>A link's file is emptied first; a device or pipe has nothing to empty.</summary>
    private static void WriteInto(Stream body, string path)
    {
        var regular = FileStatus.TryGet(path, followLinks: true, out var status, out _) && status.Type == statx_t.S_IFREG;
        using var target = new FileStream(path, regular ? FileMode.Truncate : FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        Copy(body, target);
    }

    private static void Copy(Stream body, FileStream target)
    {
        var buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
        int count;
        while ((count = body.Read(buffer)) > 0) target.Write(buffer, 0, count);
    }
}
