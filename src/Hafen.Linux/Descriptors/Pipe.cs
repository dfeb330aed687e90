using System.Runtime.InteropServices;

namespace Hafen.Linux.Descriptors;

/// <summary>A pipe's two ends, both close-on-exec; whoever takes an end owns it.</summary>
public readonly record struct Pipe(int ReadEnd, int WriteEnd)
{
    /// <exception cref="LinuxException">EMFILE, ENFILE.</exception>
    public static unsafe Pipe Create()
    {
        var ends = stackalloc int[2];
        if (PipeCalls.pipe2(ends, PipeCalls.O_CLOEXEC) != 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "pipe2");
        return new Pipe(ends[0], ends[1]);
    }
}

internal static unsafe partial class PipeCalls
{
    internal const int O_CLOEXEC = 0x80000;

    [LibraryImport("libc", SetLastError = true)]
    internal static partial int pipe2(int* ends, int flags);
}
