using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Cgroups;

/// <summary>The system calls of this facility. Results are the kernel's: negative errno on failure, nothing throws.</summary>
internal static unsafe partial class CgroupCalls
{
    public const short POLLPRI = 2, POLLERR = 8;

    public static int Open(byte* path, int flags)
    {
        int descriptor = open(path, flags | OpenFlags.O_CLOEXEC, 0);
        return descriptor >= 0 ? descriptor : -Marshal.GetLastPInvokeError();
    }

    public static void Close(int descriptor) => close(descriptor);

    /// <summary>One write; cgroup files take a value whole or not at all.</summary>
    public static int Write(int descriptor, ReadOnlySpan<byte> value)
    {
        fixed (byte* bytes = value)
        {
            while (true)
            {
                nint written = write(descriptor, bytes, (nuint)value.Length);
                if (written >= 0)
                    return 0;
                int errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                    return -errno;
            }
        }
    }

    /// <summary>Reads from the start until the end or until the buffer is full.</summary>
    public static int ReadFromStart(int descriptor, Span<byte> buffer)
    {
        int total = 0;
        fixed (byte* bytes = buffer)
        {
            while (total < buffer.Length)
            {
                nint got = pread(descriptor, bytes + total, (nuint)(buffer.Length - total), total);
                if (got == 0)
                    break;
                if (got < 0)
                {
                    int errno = Marshal.GetLastPInvokeError();
                    if (errno == Errno.EINTR)
                        continue;
                    return -errno;
                }

                total += (int)got;
            }
        }

        return total;
    }

    public static int MakeDirectory(byte* path) => mkdir(path, 0x1ED) == 0 ? 0 : -Marshal.GetLastPInvokeError(); // 0755

    public static int RemoveDirectory(byte* path) => rmdir(path) == 0 ? 0 : -Marshal.GetLastPInvokeError();

    public static int Signal(int pid, int signal) => kill(pid, signal) == 0 ? 0 : -Marshal.GetLastPInvokeError();

    /// <summary>Waits for a change of a kernfs file, or for time to pass.</summary>
    public static void WaitForChange(int descriptor, int milliseconds)
    {
        var entry = new PollEntry { Descriptor = descriptor, Events = POLLPRI | POLLERR };
        poll(&entry, 1, milliseconds);
    }

    public static void Sleep(uint microseconds) => usleep(microseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int open(byte* path, int flags, uint mode);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint write(int fd, byte* buffer, nuint count);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(int fd, byte* buffer, nuint count, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int mkdir(byte* path, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int rmdir(byte* path);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int pid, int signal);

    [LibraryImport("libc")]
    private static partial int poll(PollEntry* entries, nuint count, int timeout);

    [LibraryImport("libc")]
    private static partial int usleep(uint microseconds);
}
