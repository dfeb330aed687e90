using System.Text;
using Hafen.Linux.Processes;

namespace Hafen.Linux.FileSystem;

/// <summary>Opens, reads and writes by raw descriptors; every descriptor gets O_CLOEXEC.</summary>
public static unsafe class Files
{
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Descriptor Open(string path, int flags, int mode = 0)
    {
        int result = TryOpen(path, flags, mode);
        return result >= 0 ? new Descriptor(result) : throw new LinuxException(-result, "open", path);
    }

    /// <returns>A descriptor number that the caller owns, or a negative errno.</returns>
    public static int TryOpen(string path, int flags, int mode = 0)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
            return (int)SystemCall.Call(SystemCall.openat, OpenFlags.AT_FDCWD, (nint)bytes, flags | OpenFlags.O_CLOEXEC, mode);
    }

    /// <summary>Opens <paramref name="path"/> below <paramref name="directory"/> under the given RESOLVE_ flags (openat2).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Descriptor OpenBeneath(int directory, string path, int flags, ulong resolve, int mode = 0)
    {
        var how = new open_how { flags = (ulong)(flags | OpenFlags.O_CLOEXEC), mode = (ulong)mode, resolve = resolve };
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            nint result = SystemCall.Call(SystemCall.openat2, directory, (nint)bytes, (nint)(&how), sizeof(open_how));
            return result >= 0 ? new Descriptor((int)result) : throw new LinuxException((int)-result, "openat2", path);
        }
    }

    /// <returns>Zero, or a negative errno (EEXIST when it is there already).</returns>
    public static int TryMakeFolder(string path, int mode)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
            return (int)SystemCall.Call(SystemCall.mkdirat, OpenFlags.AT_FDCWD, (nint)bytes, mode);
    }

    /// <summary>Makes a FIFO.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void MakeFifo(string path, int mode)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            nint result = SystemCall.Call(SystemCall.mknodat, OpenFlags.AT_FDCWD, (nint)bytes, statx_t.S_IFIFO | mode);
            if (result < 0)
                throw new LinuxException((int)-result, "mkfifo", path);
        }
    }

    /// <returns>Bytes read, 0 at the end, or a negative errno.</returns>
    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint result;
            do
                result = SystemCall.Call(SystemCall.read, descriptor, (nint)bytes, buffer.Length);
            while (result == -Errno.EINTR);
            return (int)result;
        }
    }

    /// <returns>Bytes written, or a negative errno.</returns>
    public static int Write(int descriptor, ReadOnlySpan<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint result;
            do
                result = SystemCall.Call(SystemCall.write, descriptor, (nint)bytes, buffer.Length);
            while (result == -Errno.EINTR);
            return (int)result;
        }
    }

    /// <summary>Reads a whole file, also one whose size the kernel does not tell (procfs).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static byte[] ReadAll(string path)
    {
        using var file = Open(path, OpenFlags.O_RDONLY);
        ulong size = FileStatus.Of(file.Number).stx_size;
        byte[] buffer = new byte[size > 0 ? checked((int)size + 1) : 4096];
        int length = 0;
        while (true)
        {
            int count = Read(file.Number, buffer.AsSpan(length));
            if (count < 0)
                throw new LinuxException(-count, "read", path);
            if (count == 0)
                return buffer.AsSpan(0, length).ToArray();
            length += count;
            if (length == buffer.Length)
                Array.Resize(ref buffer, buffer.Length * 2);
        }
    }
}
