using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Procfs;

/// <summary>Reads small kernel files without managed streams: one open, reads until the end, one close.</summary>
public static unsafe partial class ProcFile
{
    private const int EINTR = 4;

    /// <summary>Reads as much as fits. Returns the length, or the errno negated.</summary>
    public static int TryRead(ReadOnlySpan<char> path, Span<byte> buffer)
    {
        byte* name = stackalloc byte[path.Length * 3 + 1];
        int length = System.Text.Encoding.UTF8.GetBytes(path, new Span<byte>(name, path.Length * 3));
        name[length] = 0;
        return TryRead(name, buffer);
    }

    /// <summary>The same for a NUL-terminated path.</summary>
    public static int TryRead(byte* path, Span<byte> buffer)
    {
        int descriptor = open(path, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC, 0);
        if (descriptor < 0)
            return -Marshal.GetLastPInvokeError();
        int result = Fill(descriptor, buffer);
        close(descriptor);
        return result;
    }

    /// <summary>Reads a whole file of unknown length.</summary>
    /// <exception cref="LinuxException">The file cannot be opened or read.</exception>
    public static byte[] ReadAll(string path)
    {
        byte[] buffer = new byte[16384];
        while (true)
        {
            int length = TryRead(path, buffer);
            if (length < 0)
                throw new LinuxException(-length, "read", path);
            if (length < buffer.Length)
                return buffer.AsSpan(0, length).ToArray();
            buffer = new byte[buffer.Length * 4];
        }
    }

    private static int Fill(int descriptor, Span<byte> buffer)
    {
        int total = 0;
        fixed (byte* start = buffer)
        {
            while (total < buffer.Length)
            {
                nint got = read(descriptor, start + total, (nuint)(buffer.Length - total));
                if (got == 0)
                    break;
                if (got < 0)
                {
                    int errno = Marshal.GetLastPInvokeError();
                    if (errno == EINTR)
                        continue;
                    return -errno;
                }

                total += (int)got;
            }
        }

        return total;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc")]
    private static partial int close(int fd);
}
