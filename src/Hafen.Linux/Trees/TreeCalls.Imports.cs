using System.Runtime.InteropServices;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Trees;

/// <summary>The C library's functions; the kernel's own call where it has none.</summary>
public static unsafe partial class TreeCalls
{
    [LibraryImport("libc", SetLastError = true)] private static partial int openat(int dirfd, byte* path, int flags, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial nint syscall(nint number, nint dirfd, byte* path, open_how* how, nint size);
    [LibraryImport("libc", SetLastError = true)] private static partial int mkdirat(int dirfd, byte* path, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int mknodat(int dirfd, byte* path, uint mode, ulong dev);
    [LibraryImport("libc", SetLastError = true)] private static partial int symlinkat(byte* target, int dirfd, byte* path);
    [LibraryImport("libc", SetLastError = true)] private static partial int linkat(int olddirfd, byte* oldpath, int newdirfd, byte* newpath, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int unlinkat(int dirfd, byte* path, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int renameat2(int olddirfd, byte* oldpath, int newdirfd, byte* newpath, uint flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchownat(int dirfd, byte* path, uint uid, uint gid, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchown(int fd, uint uid, uint gid);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchmodat(int dirfd, byte* path, uint mode, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int fchmod(int fd, uint mode);
    [LibraryImport("libc", SetLastError = true)] private static partial int utimensat(int dirfd, byte* path, FileTime* times, int flags);
    [LibraryImport("libc", SetLastError = true)] private static partial int futimens(int fd, FileTime* times);
    [LibraryImport("libc", SetLastError = true)] private static partial int statx(int dirfd, byte* path, int flags, uint mask, statx_t* buffer);
    [LibraryImport("libc", SetLastError = true)] private static partial nint readlinkat(int dirfd, byte* path, byte* buffer, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial nint write(int fd, byte* data, nuint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pwrite(int fd, byte* data, nuint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial nint read(int fd, byte* data, nuint count);
    [LibraryImport("libc", SetLastError = true)] private static partial nint pread(int fd, byte* data, nuint count, long offset);
    [LibraryImport("libc", SetLastError = true)] private static partial long lseek(int fd, long offset, int whence);
    [LibraryImport("libc", SetLastError = true)] private static partial int ftruncate(int fd, long length);
    [LibraryImport("libc", SetLastError = true)] private static partial int fsync(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial int syncfs(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial int close(int fd);
    [LibraryImport("libc", SetLastError = true)] private static partial nint getdents64(int fd, byte* buffer, nuint size);
    [LibraryImport("libc", SetLastError = true)] private static partial int ioctl(int fd, nuint request, nint* argument);
}
