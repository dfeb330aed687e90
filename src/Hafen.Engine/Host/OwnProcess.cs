using Hafen.Linux.FileSystem;

namespace Hafen.Engine.Host;

/// <summary>What the daemon's process holds, asked of the kernel in one call each: its folders in <c>/proc</c> grow with the containers.</summary>
internal static class OwnProcess
{
    /// <summary>Open descriptors.</summary>
    public static int Descriptors()
    {
        const string Folder = "/proc/self/fd";
        // Since Linux 6.2 the folder's size is their number.
        return FileStatus.TryGet(Folder, followLinks: true, out var status, out _) && status.stx_size > 0
            ? (int)status.stx_size
            : Directory.GetFileSystemEntries(Folder).Length;
    }

    /// <summary>Threads: each is a folder, which its parent's number of links counts, beside the parent's own two.</summary>
    public static int Threads()
        => FileStatus.TryGet("/proc/self/task", followLinks: true, out var status, out _) ? Math.Max(1, (int)status.stx_nlink - 2) : 1;
}
