using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Descriptors;

/// <summary>A pipe's two ends, both close-on-exec; whoever takes an end owns it.</summary>
public readonly record struct Pipe(int ReadEnd, int WriteEnd)
{
    /// <summary>No pipe.</summary>
    public static Pipe None => new(-1, -1);

    /// <exception cref="LinuxException">EMFILE, ENFILE.</exception>
    public static unsafe Pipe Create()
    {
        int* ends = stackalloc int[2];
        if (PipeCalls.pipe2(ends, OpenFlags.O_CLOEXEC) != 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "pipe2");
        return new Pipe(ends[0], ends[1]);
    }

    /// <summary>Closes the ends there are.</summary>
    public void Close()
    {
        if (ReadEnd >= 0)
            RawDescriptor.Close(ReadEnd);
        if (WriteEnd >= 0)
            RawDescriptor.Close(WriteEnd);
    }
}

internal static unsafe partial class PipeCalls
{
    [LibraryImport("libc", SetLastError = true)]
    internal static partial int pipe2(int* ends, int flags);
}
