using System.Runtime.InteropServices;

namespace Hafen.Linux.Trees;

/// <summary><c>struct statx</c> (linux/stat.h), 256 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Size = 256)]
internal struct statx_t
{
    public uint stx_mask;
    public uint stx_blksize;
    public ulong stx_attributes;
    public uint stx_nlink;
    public uint stx_uid;
    public uint stx_gid;
    public ushort stx_mode;
    private readonly ushort _spare0;
    public ulong stx_ino;
    public ulong stx_size;
    public ulong stx_blocks;
    public ulong stx_attributes_mask;
    public statx_timestamp stx_atime;
    public statx_timestamp stx_btime;
    public statx_timestamp stx_ctime;
    public statx_timestamp stx_mtime;
    public uint stx_rdev_major;
    public uint stx_rdev_minor;
    public uint stx_dev_major;
    public uint stx_dev_minor;

    public readonly FileStat ToStat() => new()
    {
        Mode = stx_mode,
        Uid = stx_uid,
        Gid = stx_gid,
        Links = stx_nlink,
        Inode = stx_ino,
        Size = (long)stx_size,
        Blocks = (long)stx_blocks,
        DeviceMajor = stx_rdev_major,
        DeviceMinor = stx_rdev_minor,
        FileSystem = ((ulong)stx_dev_major << 32) | stx_dev_minor,
        Accessed = new FileTime(stx_atime.tv_sec, stx_atime.tv_nsec),
        Modified = new FileTime(stx_mtime.tv_sec, stx_mtime.tv_nsec),
    };
}

[StructLayout(LayoutKind.Sequential)]
internal struct statx_timestamp
{
    public long tv_sec;
    public uint tv_nsec;
    private readonly int _reserved;
}
