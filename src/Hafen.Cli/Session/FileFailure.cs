using Hafen.Linux;

namespace Hafen.Cli.Session;

/// <summary>Why a file could not be used, in the system's words: the framework's own texts are not in the native executable.</summary>
internal static class FileFailure
{
    public static bool Is(Exception failure) => failure is IOException or UnauthorizedAccessException or ArgumentException;

    public static string Reason(Exception failure, string path) => failure switch
    {
        // An empty path, or one with a zero byte.
        ArgumentException => path.Length == 0 ? Errno.Text(Errno.ENOENT) : Errno.Text(Errno.EINVAL),
        _ when Directory.Exists(path) => Errno.Text(Errno.EISDIR),
        FileNotFoundException or DirectoryNotFoundException => Errno.Text(Errno.ENOENT),
        UnauthorizedAccessException => Errno.Text(Errno.EACCES),
        PathTooLongException => Errno.Text(Errno.ENAMETOOLONG),

        // Any other failure of a system call carries its errno.
        IOException { HResult: > 0 and < 200 } => Errno.Text(failure.HResult),
        _ => "input/output error",
    };
}
