using Hafen.Cli.CommandLine;
using Hafen.Cli.Session;

namespace Hafen.Cli.Commands.Images;

/// <summary>An archive on disk that is to be sent.</summary>
internal static class ArchiveFile
{
    /// <exception cref="CommandException">It cannot be read; the message is Go's.</exception>
    public static FileStream Open(string path)
    {
        if (Directory.Exists(path))
            throw new CommandException($"read {path}: is a directory");
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
        }
        catch (Exception exception) when (FileFailure.Is(exception))
        {
            throw new CommandException($"open {path}: {FileFailure.Reason(exception, path)}");
        }
    }
}
