using System.Runtime.InteropServices;
using Hafen.Linux.Descriptors;

namespace Hafen.Linux.Sockets;

/// <summary>Anonymous files in memory (memfd_create(2)): content of any size that travels as a descriptor.</summary>
public static unsafe partial class MemoryFile
{
    private const uint MFD_CLOEXEC = 1, MFD_ALLOW_SEALING = 2, MFD_EXEC = 0x10;
    private const int F_ADD_SEALS = 1033, F_SEAL_SEAL = 1, F_SEAL_SHRINK = 2, F_SEAL_GROW = 4, F_SEAL_WRITE = 8;

    /// <summary>Makes a memory file with this content, at offset 0; the caller owns the descriptor.</summary>
    /// <exception cref="LinuxException">ENOMEM, EMFILE.</exception>
    public static int Create(string name, ReadOnlySpan<byte> content)
    {
        int file = Create(name, MFD_CLOEXEC);
        WriteAll(file, name, content);
        return file;
    }

    /// <summary>
    /// Copies an executable into memory and seals it: nobody can change it any more, so a container that reaches it through
    /// <c>/proc/PID/exe</c> changes nothing of the host's file (CVE-2019-5736).
    /// </summary>
    public static int CreateSealedExecutable(string path)
    {
        string name = Path.GetFileName(path);
        int file = Create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_EXEC, MFD_CLOEXEC | MFD_ALLOW_SEALING);
        try
        {
            using var source = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read, FileOptions.SequentialScan);
            byte[] buffer = new byte[128 * 1024];
            long offset = 0;
            while (RandomAccess.Read(source, buffer, offset) is > 0 and var count)
            {
                WriteAll(file, name, buffer.AsSpan(0, count));
                offset += count;
            }
            if (fcntl(file, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) != 0)
                throw new LinuxException(Marshal.GetLastPInvokeError(), "fcntl(F_ADD_SEALS)", name);
            return file;
        }
        catch
        {
            RawDescriptor.Close(file);
            throw;
        }
    }

    /// <summary>The whole content of a memory file, wherever its offset stands.</summary>
    /// <param name="file">The descriptor.</param>
    /// <param name="limit">Most bytes accepted.</param>
    /// <exception cref="LinuxException">EFBIG above the limit.</exception>
    public static byte[] ReadAll(int file, long limit)
    {
        long length = lseek(file, 0, 2);
        if (length < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "lseek");
        if (length > limit)
            throw new LinuxException(Errno.EFBIG, "read", "memory file");
        byte[] content = new byte[length];
        int filled = 0;
        fixed (byte* start = content)
        {
            while (filled < content.Length)
            {
                nint count = pread(file, start + filled, (nuint)(content.Length - filled), filled);
                if (count < 0)
                    throw new LinuxException(Marshal.GetLastPInvokeError(), "pread");
                if (count == 0)
                    throw new LinuxException(Errno.EIO, "pread");
                filled += (int)count;
            }
        }
        return content;
    }

    private static int Create(string name, params ReadOnlySpan<uint> flags)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(name + '\0');
        int errno = 0;
        fixed (byte* start = bytes)
        {
            // Kernels before 6.3 do not know MFD_EXEC and refuse it; there every memory file may be executed.
            foreach (uint flag in flags)
            {
                int file = memfd_create(start, flag);
                if (file >= 0)
                    return file;
                errno = Marshal.GetLastPInvokeError();
            }
        }
        throw new LinuxException(errno, "memfd_create", name);
    }

    private static void WriteAll(int file, string name, ReadOnlySpan<byte> content)
    {
        while (!content.IsEmpty)
        {
            int written = RawDescriptor.Write(file, content);
            if (written < 0)
                throw new LinuxException(-written, "write", name);
            content = content[written..];
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int memfd_create(byte* name, uint flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fcntl(int fd, int command, nint argument);

    [LibraryImport("libc", SetLastError = true)]
    private static partial long lseek(int fd, long offset, int whence);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint pread(int fd, byte* buffer, nuint count, long offset);
}
