using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Netlink;

/// <summary>Kernel settings below <c>/proc/sys/net</c>. The kernel shows those of the calling thread's network namespace.</summary>
public static unsafe class NetworkSysctl
{
    private const int ValueSize = 64;

    /// <summary>Reads a setting, without the line end.</summary>
    /// <param name="path">Below <c>/proc/sys/net</c>, for example <c>ipv4/ip_forward</c>.</param>
    /// <returns>Null when the kernel has no such setting, for example because IPv6 is not built in.</returns>
    /// <exception cref="LinuxException">It cannot be read.</exception>
    public static string? Read(string path)
    {
        int fd = Open(path, OpenFlags.O_RDONLY);
        if (fd < 0)
            return null;
        try
        {
            byte* value = stackalloc byte[ValueSize];
            nint length = NetlinkCalls.read(fd, value, ValueSize);
            return length >= 0
                ? Encoding.ASCII.GetString(value, (int)length).TrimEnd('\n')
                : throw new LinuxException(Marshal.GetLastPInvokeError(), "read", "/proc/sys/net/" + path);
        }
        finally
        {
            _ = NetlinkCalls.close(fd);
        }
    }

    /// <summary>Writes a setting.</summary>
    /// <returns>False when the kernel has no such setting.</returns>
    /// <exception cref="LinuxException">It cannot be written, for example because <c>/proc/sys</c> is mounted read-only.</exception>
    public static bool Write(string path, ReadOnlySpan<byte> value)
    {
        int fd = Open(path, OpenFlags.O_WRONLY);
        if (fd < 0)
            return false;
        try
        {
            fixed (byte* start = value)
            {
                if (NetlinkCalls.write(fd, start, (nuint)value.Length) != value.Length)
                    throw new LinuxException(Marshal.GetLastPInvokeError(), "write", "/proc/sys/net/" + path);
            }
            return true;
        }
        finally
        {
            _ = NetlinkCalls.close(fd);
        }
    }

    private static int Open(string path, int flags)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes($"/proc/sys/net/{path}\0"))
        {
            int fd = NetlinkCalls.open(name, flags | OpenFlags.O_CLOEXEC, 0);
            if (fd >= 0)
                return fd;
            int errno = Marshal.GetLastPInvokeError();
            return errno == Errno.ENOENT ? -1 : throw new LinuxException(errno, "open", "/proc/sys/net/" + path);
        }
    }
}
