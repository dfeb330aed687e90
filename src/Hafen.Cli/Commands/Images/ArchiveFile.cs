using Hafen.Cli.CommandLine;

namespace Hafen.Cli.Commands.Images;

/// <summary>An archive on disk that is to be sent.</summary>
internal static class ArchiveFile
{
    /// <exception cref="CommandException">It cannot be read; the message is Go's.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path)) throw new CommandException($"read {path}: is a directory");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            var reason = failure is FileNotFoundException or DirectoryNotFoundException ? "no such file or directory"
                : failure is UnauthorizedAccessException ? "permission denied" : failure.Message;
            throw new CommandException($"open {path}: {reason}");
        }
    }
}
