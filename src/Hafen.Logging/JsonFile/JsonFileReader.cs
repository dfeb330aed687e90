using System.IO.Pipelines;
using Hafen.Linux;
using Hafen.Linux.Inotify;
using Hafen.Logging.Readers;

namespace Hafen.Logging.JsonFile;

/// <summary>Reads what <see cref="JsonFileWriter"/> wrote, rotated files included.</summary>
/// <param name="path">The current file; rotated ones stand beside it.</param>
internal sealed class JsonFileReader(string path) : ILogReader
{
    public async Task CopyAsync(LogRequest request, PipeWriter output, CancellationToken cancellationToken)
    {
        using var copy = new JsonFileCopy(path, request, output, cancellationToken);
        // The watch begins before the first read, so that nothing falls between.
        using var watch = request.FollowUntil is null ? null : Watch();
        await copy.CopyExistingAsync();
        if (request.FollowUntil is { } ended && !copy.PastUntil)
            await copy.FollowAsync(ended, watch);
    }

    private FolderWatch? Watch()
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
