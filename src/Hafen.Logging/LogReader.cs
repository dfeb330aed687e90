using System.IO.Pipelines;
using Hafen.Linux;
using Hafen.Linux.Inotify;
using Hafen.Logging.JsonFile;

namespace Hafen.Logging;

/// <summary>Reads what the json-file driver wrote, rotated files included, while it may go on writing.</summary>
public static class LogReader
{
    /// <summary>
    /// Copies the wanted part of a log. Corrupt lines are left out. Returns at the end of the log, or, when following, at the end of the container.
    /// </summary>
    /// <exception cref="OperationCanceledException">The reader of the copy is gone.</exception>
    public static async Task CopyAsync(LogRequest request, PipeWriter output, CancellationToken cancellationToken)
    {
        using var copy = new LogCopy(request, output, cancellationToken);
        // The watch begins before the first read, so that nothing falls between.
        using var watch = request.FollowUntil is null ? null : Watch(request.Path);
        await copy.CopyExistingAsync();
        if (request.FollowUntil is { } ended && !copy.PastUntil) await copy.FollowAsync(ended, watch);
    }

    private static FolderWatch? Watch(string path)
    {
        try
        {
            return FolderWatch.Open(Path.GetDirectoryName(path)!);
        }
        catch (LinuxException)
        {
            // The limit of watches is reached or the folder is gone: the copy looks by the clock instead.
            return null;
        }
    }
}
