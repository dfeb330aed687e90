using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.Processes;

namespace Hafen.Linux.FileSystem;

/// <summary><c>struct statx</c> (linux/stat.h): the same layout on every architecture, unlike <c>struct stat</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
public struct statx_t
{
    [FieldOffset(0)] public uint stx_mask;
    [FieldOffset(4)] public uint stx_blksize;
    [FieldOffset(8)] public ulong stx_attributes;
    [FieldOffset(16)] public uint stx_nlink;
    [FieldOffset(20)] public uint stx_uid;
    [FieldOffset(24)] public uint stx_gid;
    [FieldOffset(28)] public ushort stx_mode;
    [FieldOffset(32)] public ulong stx_ino;
    [FieldOffset(40)] public ulong stx_size;
    [FieldOffset(48)] public ulong stx_blocks;
    [FieldOffset(56)] public ulong stx_attributes_mask;
    [FieldOffset(64)] public long stx_atime_sec;
    [FieldOffset(72)] public uint stx_atime_nsec;
    [FieldOffset(80)] public long stx_btime_sec;
    [FieldOffset(88)] public uint stx_btime_nsec;
    [FieldOffset(96)] public long stx_ctime_sec;
    [FieldOffset(104)] public uint stx_ctime_nsec;
    [FieldOffset(112)] public long stx_mtime_sec;
    [FieldOffset(120)] public uint stx_mtime_nsec;
    [FieldOffset(128)] public uint stx_rdev_major;
    [FieldOffset(132)] public uint stx_rdev_minor;
    [FieldOffset(136)] public uint stx_dev_major;
    [FieldOffset(140)] public uint stx_dev_minor;
    [FieldOffset(144)] public ulong stx_mnt_id;

    public const int S_IFMT = 0xF000, S_IFIFO = 0x1000, S_IFCHR = 0x2000, S_IFDIR = 0x4000, S_IFBLK = 0x6000, S_IFREG = 0x8000, S_IFLNK = 0xA000,
        S_IFSOCK = 0xC000;

    public const uint STATX_BASIC_STATS = 0x7FF, STATX_MNT_ID = 0x1000;

    /// <summary>The file type bits of the mode.</summary>
    public readonly int Type => stx_mode & S_IFMT;
}

/// <summary>Looks at files without opening them.</summary>
public static unsafe class FileStatus
{
    /// <summary>Status of the open file <paramref name="descriptor"/> (O_PATH is enough).</summary>
    public static statx_t Of(int descriptor)
    {
        byte empty = 0;
        statx_t status;
        nint result = SystemCall.Call(SystemCall.statx, descriptor, (nint)(&empty), OpenFlags.AT_EMPTY_PATH, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status));
        return result == 0 ? status : throw new LinuxException((int)-result, "statx");
    }

    /// <summary>Status of <paramref name="path"/>, or a negative errno in <paramref name="error"/>.</summary>
    public static bool TryGet(string path, bool followLinks, out statx_t status, out int error)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        fixed (statx_t* buffer = &status)
        {
            nint result = SystemCall.Call(SystemCall.statx, OpenFlags.AT_FDCWD, (nint)bytes,
                followLinks ? 0 : OpenFlags.AT_SYMLINK_NOFOLLOW, (nint)statx_t.STATX_BASIC_STATS, (nint)buffer);
            error = (int)-result;
            return result == 0;
        }
    }
}
