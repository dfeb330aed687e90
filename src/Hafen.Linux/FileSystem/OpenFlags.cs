using System.Runtime.Intrinsics.X86;

namespace Hafen.Linux.FileSystem;

/// <summary>Flags of open(2) and openat2(2) (asm/fcntl.h; three of them differ on arm64).</summary>
public static class OpenFlags
{
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_NOCTTY = 0x100, O_TRUNC = 0x200,
        O_APPEND = 0x400, O_NONBLOCK = 0x800, O_CLOEXEC = 0x80000, O_PATH = 0x200000;

    public const int AT_FDCWD = -100, AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_SYMLINK_FOLLOW = 0x400,
        AT_EMPTY_PATH = 0x1000, AT_RECURSIVE = 0x8000;

    public const ulong RESOLVE_NO_XDEV = 1, RESOLVE_NO_MAGICLINKS = 2, RESOLVE_NO_SYMLINKS = 4, RESOLVE_BENEATH = 8, RESOLVE_IN_ROOT = 16;

    /// <summary>Fails with EAGAIN where somebody else, a disk or a server, would have to be asked; with EINVAL before Linux 5.12.</summary>
    public const ulong RESOLVE_CACHED = 32;

    public static int O_DIRECTORY => X86Base.IsSupported ? 0x10000 : 0x4000;

    public static int O_NOFOLLOW => X86Base.IsSupported ? 0x20000 : 0x8000;
}

/// <summary><c>struct open_how</c> (linux/openat2.h).</summary>
public struct open_how
{
    public ulong flags;
    public ulong mode;
    public ulong resolve;
}
