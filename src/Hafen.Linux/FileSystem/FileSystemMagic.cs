using Hafen.Linux.Processes;

namespace Hafen.Linux.FileSystem;

/// <summary>Magic numbers of file systems (linux/magic.h) and how to ask for them.</summary>
public static unsafe class FileSystemMagic
{
    public const long PROC_SUPER_MAGIC = 0x9fa0, DEVPTS_SUPER_MAGIC = 0x1cd1, CGROUP2_SUPER_MAGIC = 0x63677270;

    /// <summary>sizeof(struct statfs) on 64-bit Linux; the first member is the magic number.</summary>
    public const int StatfsSize = 120;

    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static long Of(int descriptor)
    {
        long* buffer = stackalloc long[StatfsSize / sizeof(long)];
        nint result = SystemCall.Call(SystemCall.fstatfs, descriptor, (nint)buffer);
        return result == 0 ? buffer[0] : throw new LinuxException((int)-result, "fstatfs");
    }

    /// <summary>Whether the mount that the file was opened through, or its file system, is read-only.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static bool IsReadonly(int descriptor)
    {
        const int FlagsIndex = 10, ST_RDONLY = 1;
        long* buffer = stackalloc long[StatfsSize / sizeof(long)];
        nint result = SystemCall.Call(SystemCall.fstatfs, descriptor, (nint)buffer);
        return result == 0 ? (buffer[FlagsIndex] & ST_RDONLY) != 0 : throw new LinuxException((int)-result, "fstatfs");
    }
}
