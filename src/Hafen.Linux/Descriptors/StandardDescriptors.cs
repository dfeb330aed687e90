using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Descriptors;

/// <summary>Descriptors 0, 1 and 2 of a program that was started without some of them (<c>program &lt;&amp;-</c>).</summary>
public static unsafe partial class StandardDescriptors
{
    private const int F_GETFD = 1;

    /// <summary>
    /// Puts <c>/dev/null</c>, open for reading, where one is closed. Else the next socket or file of the program would become its standard
    /// stream: what it prints would go to the daemon. Reading finds the end at once, writing fails with EBADF as it would have before.
    /// To be called before anything else opens a descriptor.
    /// </summary>
    public static void FillClosed()
    {
        // A new descriptor gets the lowest free number.
        for (int number = 0; number <= 2; number++)
        {
            if (fcntl(number, F_GETFD, 0) < 0)
            {
                fixed (byte* path = "/dev/null\0"u8)
                    open(path, OpenFlags.O_RDONLY, 0);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags, uint mode);
}
