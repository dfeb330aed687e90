using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Trees;

/// <summary>A time as the kernel keeps it.</summary>
/// <param name="Seconds">Since 1970, may be negative.</param>
/// <param name="Nanoseconds">0 to 999,999,999, always counted forward.</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct FileTime(long Seconds, long Nanoseconds)
{
    public static FileTime Now()
    {
        long ticks = DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks;
        return new FileTime(ticks / TimeSpan.TicksPerSecond, ticks % TimeSpan.TicksPerSecond * 100);
    }
}

/// <summary>What statx(2) tells of a file.</summary>
public readonly record struct FileStat
{
    /// <summary>Type and permission bits.</summary>
    public uint Mode { get; init; }
    public uint Uid { get; init; }
    public uint Gid { get; init; }
    public uint Links { get; init; }
    public ulong Inode { get; init; }
    /// <summary>Bytes.</summary>
    public long Size { get; init; }
    /// <summary>Allocated, in units of 512 bytes.</summary>
    public long Blocks { get; init; }
    public uint DeviceMajor { get; init; }
    public uint DeviceMinor { get; init; }
    /// <summary>Device that holds the file.</summary>
    public ulong FileSystem { get; init; }
    public FileTime Modified { get; init; }
    public FileTime Accessed { get; init; }

    /// <summary>From the kernel's own form.</summary>
    internal static FileStat From(in statx_t status) => new()
    {
        Mode = status.stx_mode,
        Uid = status.stx_uid,
        Gid = status.stx_gid,
        Links = status.stx_nlink,
        Inode = status.stx_ino,
        Size = (long)status.stx_size,
        Blocks = (long)status.stx_blocks,
        DeviceMajor = status.stx_rdev_major,
        DeviceMinor = status.stx_rdev_minor,
        FileSystem = ((ulong)status.stx_dev_major << 32) | status.stx_dev_minor,
        Accessed = new FileTime(status.stx_atime_sec, status.stx_atime_nsec),
        Modified = new FileTime(status.stx_mtime_sec, status.stx_mtime_nsec),
    };

    public uint Type => Mode & FileType.S_IFMT;
    public bool IsDirectory => Type == FileType.S_IFDIR;
    public bool IsRegular => Type == FileType.S_IFREG;
    public bool IsLink => Type == FileType.S_IFLNK;
    public uint Permissions => Mode & 0xFFF;

    /// <summary>Overlayfs' mark for a removed name (kernel, filesystems/overlayfs: whiteouts).</summary>
    public bool IsWhiteout => Type == FileType.S_IFCHR && DeviceMajor == 0 && DeviceMinor == 0;
}
