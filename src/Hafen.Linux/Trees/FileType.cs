namespace Hafen.Linux.Trees;

/// <summary>File type bits of <c>st_mode</c> (linux/stat.h).</summary>
public static class FileType
{
    public const uint S_IFMT = 0xF000, S_IFSOCK = 0xC000, S_IFLNK = 0xA000, S_IFREG = 0x8000, S_IFBLK = 0x6000, S_IFDIR = 0x4000, S_IFCHR = 0x2000, S_IFIFO = 0x1000;

    public const uint S_ISUID = 0x800, S_ISGID = 0x400, S_ISVTX = 0x200;
}
