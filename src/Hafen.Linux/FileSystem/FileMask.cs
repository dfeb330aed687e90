using Hafen.Linux.Processes;

namespace Hafen.Linux.FileSystem;

/// <summary>The mask of a process, inherited from whoever started it: rights that its new files and folders do not get.</summary>
public static class FileMask
{
    /// <summary>Sets it for all threads.</summary>
    public static void Set(UnixFileMode withheld) => SystemCall.Call(SystemCall.umask, (nint)withheld);
}
