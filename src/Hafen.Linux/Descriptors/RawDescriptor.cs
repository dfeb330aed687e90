using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Descriptors;

/// <summary>
/// Reading and writing plain descriptor numbers without exceptions, for event loops: a result below zero is a negated errno
/// (<c>-EAGAIN</c>: not now), as the kernel itself returns it.
/// </summary>
public static unsafe partial class RawDescriptor
{
    private const int F_GETFL = 3, F_SETFL = 4, F_DUPFD_CLOEXEC = 1030, F_SETPIPE_SZ = 1031;
    private const int FIONREAD = 0x541B;
    private const int MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000;

    /// <summary>read(2).</summary>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Result(read(descriptor, start, (nuint)buffer.Length));
    }

    /// <summary>write(2).</summary>
    public static int Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Result(write(descriptor, start, (nuint)bytes.Length));
    }

    /// <summary>recv(2) that never waits, whatever the socket's mode is: the file description is shared with whoever handed it over.</summary>
    public static int Receive(int socket, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Result(recv(socket, start, (nuint)buffer.Length, MSG_DONTWAIT));
    }

    /// <summary>send(2) that never waits and never raises SIGPIPE.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
            return Result(send(socket, start, (nuint)bytes.Length, MSG_DONTWAIT | MSG_NOSIGNAL));
    }

    /// <summary>Sends a header and a payload in one call, without copying them together; the result counts the bytes of both.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload)
    {
        fixed (byte* first = header)
        fixed (byte* second = payload)
        {
            var parts = stackalloc iovec[2];
            parts[0] = new iovec { iov_base = first, iov_len = (nuint)header.Length };
            parts[1] = new iovec { iov_base = second, iov_len = (nuint)payload.Length };
            var message = new msghdr { msg_iov = parts, msg_iovlen = 2 };
            return Result(sendmsg(socket, &message, MSG_DONTWAIT | MSG_NOSIGNAL));
        }
    }

    /// <summary>Ends the sending direction of a socket; the peer reads the rest and then the end.</summary>
    public static void ShutdownSend(int socket) => shutdown(socket, 1);

    /// <summary>Closes a descriptor.</summary>
    public static void Close(int descriptor) => close(descriptor);

    /// <summary>A second descriptor of the same file description, close-on-exec.</summary>
    public static int Duplicate(int descriptor)
    {
        int copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3);
        return copy >= 0 ? copy : throw new LinuxException(Marshal.GetLastPInvokeError(), "fcntl(F_DUPFD_CLOEXEC)");
    }

    /// <summary>Makes reads and writes of the file description return -EAGAIN instead of waiting.</summary>
    public static void SetNonBlocking(int descriptor)
    {
        int flags = fcntl(descriptor, F_GETFL, 0);
        if (flags < 0 || fcntl(descriptor, F_SETFL, flags | OpenFlags.O_NONBLOCK) < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "fcntl(O_NONBLOCK)");
    }

    /// <summary>Asks for a larger pipe; false when the user's pipe quota does not allow it, the pipe then stays as it is.</summary>
    public static bool TryGrowPipe(int pipe, int bytes) => fcntl(pipe, F_SETPIPE_SZ, bytes) >= 0;

    /// <summary>Opens a file to append to, making it if need be; a negated errno when that fails.</summary>
    public static int OpenAppend(string path, int mode)
    {
        fixed (byte* start = System.Text.Encoding.UTF8.GetBytes(path + '\0'))
        {
            int descriptor = open(start, OpenFlags.O_WRONLY | OpenFlags.O_CREAT | OpenFlags.O_APPEND | OpenFlags.O_CLOEXEC, (uint)mode);
            return descriptor >= 0 ? descriptor : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>The file's length in bytes, or a negated errno.</summary>
    public static long Length(int file)
    {
        long end = lseek(file, 0, 2);
        return end >= 0 ? end : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Whether a path still names an open file; allocates nothing.</summary>
    /// <param name="file">The open file.</param>
    /// <param name="path">The path in UTF-8, with a zero at its end.</param>
    /// <param name="length">Its present length in bytes when it does.</param>
    public static bool IsNamed(int file, ReadOnlySpan<byte> path, out long length)
    {
        byte empty = 0;
        statx_t open, named;
        length = 0;
        fixed (byte* start = path)
        {
            if (SystemCall.Call(SystemCall.statx, OpenFlags.AT_FDCWD, (nint)start, 0, (nint)statx_t.STATX_BASIC_STATS, (nint)(&named)) != 0
                || SystemCall.Call(SystemCall.statx, file, (nint)(&empty), OpenFlags.AT_EMPTY_PATH, (nint)statx_t.STATX_BASIC_STATS, (nint)(&open)) != 0)
            {
                return false;
            }
        }
        length = (long)open.stx_size;
        return named.stx_ino == open.stx_ino && named.stx_dev_major == open.stx_dev_major && named.stx_dev_minor == open.stx_dev_minor;
    }

    /// <summary>Cuts a file to a length; 0 or a negated errno.</summary>
    public static int Truncate(int file, long length) => ftruncate(file, length) == 0 ? 0 : -Marshal.GetLastPInvokeError();

    /// <summary>Bytes waiting to be read.</summary>
    public static int Waiting(int descriptor)
    {
        int count;
        return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
    }

    private static int Result(nint result) => result >= 0 ? (int)result : -Marshal.GetLastPInvokeError();

    [StructLayout(LayoutKind.Sequential)]
    internal struct iovec
    {
        public byte* iov_base;
        public nuint iov_len;
    }

    [StructLayout(LayoutKind.Sequential)]
    internal struct msghdr
    {
        public void* msg_name;
        public uint msg_namelen;
        public iovec* msg_iov;
        public nuint msg_iovlen;
        public void* msg_control;
        public nuint msg_controllen;
        public int msg_flags;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint read(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint sendmsg(int fd, msghdr* message, int flags);

    [LibraryImport("libc", SetLastError = true)]
    internal static partial nint recvmsg(int fd, msghdr* message, int flags);

    [LibraryImport("libc")]
    private static partial int shutdown(int fd, int how);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(int fd, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ftruncate(int fd, long length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(int fd, nuint request, void* argument);
}
