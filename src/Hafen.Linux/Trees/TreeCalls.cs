using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Trees;

/// <summary>
/// File calls relative to a directory descriptor. Paths are <see cref="BytePath"/> strings; results are the kernel's, with errors as
/// negative errno; descriptors get O_CLOEXEC and belong to the caller.
/// </summary>
public static unsafe partial class TreeCalls
{
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100, AT_REMOVEDIR = 0x200, AT_EMPTY_PATH = 0x1000;
    public const int O_RDONLY = 0, O_WRONLY = 1, O_RDWR = 2, O_CREAT = 0x40, O_EXCL = 0x80, O_NONBLOCK = 0x800, O_PATH = 0x200000;
    public const ulong RESOLVE_NO_MAGICLINKS = 2, RESOLVE_NO_SYMLINKS = 4, RESOLVE_BENEATH = 8, RESOLVE_IN_ROOT = 16;

    /// <summary>Fails with EAGAIN where somebody else, a disk or a server, would have to be asked; with EINVAL before Linux 5.12.</summary>
    public const ulong RESOLVE_CACHED = 32;

    public const uint RENAME_NOREPLACE = 1;
    public const int SEEK_SET = 0, SEEK_DATA = 3, SEEK_HOLE = 4;

    private const int O_CLOEXEC = 0x80000;

    public static int O_DIRECTORY => OpenFlags.O_DIRECTORY;
    public static int O_NOFOLLOW => OpenFlags.O_NOFOLLOW;

    // asm-generic and x86-64 agree on the number of openat2, which glibc 2.36 does not wrap.
    private const int SYS_openat2 = 437;

    public static int Open(int directory, string path, int flags, uint mode = 0)
        => WithPath(directory, path, (d, p, a) => openat(d, p, a.Flags | O_CLOEXEC, a.Mode), (Flags: flags, Mode: mode));

    /// <summary>openat2(2): resolves <paramref name="path"/> under the RESOLVE_ flags given.</summary>
    public static int OpenBeneath(int directory, string path, int flags, ulong resolve)
        => WithPath(
            directory,
            path,
            static (d, p, a) =>
            {
                open_how how = new() { flags = (ulong)(uint)(a.Flags | O_CLOEXEC), resolve = a.Resolve };
                return (int)syscall(SYS_openat2, d, p, &how, sizeof(open_how));
            },
            (Flags: flags, Resolve: resolve));

    public static int MakeDirectory(int directory, string path, uint mode)
        => WithPath(directory, path, static (d, p, m) => mkdirat(d, p, m), mode);

    public static int MakeNode(int directory, string path, uint mode, uint major, uint minor)
        => WithPath(directory, path, static (d, p, a) => mknodat(d, p, a.Mode, a.Device), (Mode: mode, Device: MakeDevice(major, minor)));

    public static int MakeLink(int directory, string path, string target)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(target + '\0');
        return WithPath(directory, path, static (d, p, t) =>
        {
            fixed (byte* text = t)
                return symlinkat(text, d, p);
        }, bytes);
    }

    /// <summary>A second name for a file; a symbolic link at the end of the path is linked itself.</summary>
    public static int MakeHardLink(int fromDirectory, string from, int toDirectory, string to)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(from + '\0');
        return WithPath(toDirectory, to, static (d, p, a) =>
        {
            fixed (byte* text = a.Bytes)
                return linkat(a.FromDirectory, text, d, p, 0);
        }, (Bytes: bytes, FromDirectory: fromDirectory));
    }

    public static int Unlink(int directory, string path, bool folder = false)
        => WithPath(directory, path, static (d, p, f) => unlinkat(d, p, f), folder ? AT_REMOVEDIR : 0);

    public static int Rename(int fromDirectory, string from, int toDirectory, string to, uint flags = 0)
    {
        byte[] bytes = Encoding.Latin1.GetBytes(from + '\0');
        return WithPath(toDirectory, to, static (d, p, a) =>
        {
            fixed (byte* text = a.Bytes)
                return renameat2(a.FromDirectory, text, d, p, a.Flags);
        }, (Bytes: bytes, FromDirectory: fromDirectory, Flags: flags));
    }

    /// <summary>Changes owner and group of the name itself, never of a link's target.</summary>
    public static int ChangeOwner(int directory, string path, uint uid, uint gid)
        => WithPath(directory, path, static (d, p, a) => fchownat(d, p, a.Uid, a.Gid, AT_SYMLINK_NOFOLLOW), (Uid: uid, Gid: gid));

    public static int ChangeOwner(int descriptor, uint uid, uint gid) => Result(fchown(descriptor, uid, gid));

    /// <summary>Changes permissions; follows a link at the end, so the caller knows that there is none.</summary>
    public static int ChangeMode(int directory, string path, uint permissions)
        => WithPath(directory, path, static (d, p, m) => fchmodat(d, p, m, 0), permissions);

    public static int ChangeMode(int descriptor, uint permissions) => Result(fchmod(descriptor, permissions));

    /// <summary>Sets access and modification time of the name itself.</summary>
    public static int SetTimes(int directory, string path, FileTime accessed, FileTime modified)
        => WithPath(
            directory,
            path,
            static (d, p, a) =>
            {
                var times = stackalloc FileTime[2] { a.Accessed, a.Modified };
                return utimensat(d, p, times, AT_SYMLINK_NOFOLLOW);
            },
            (Accessed: accessed, Modified: modified));

    public static int SetTimes(int descriptor, FileTime accessed, FileTime modified)
    {
        var times = stackalloc FileTime[2] { accessed, modified };
        return Result(futimens(descriptor, times));
    }

    /// <summary>statx(2) of the name itself; an empty path means the descriptor.</summary>
    public static int Stat(int directory, string path, out FileStat stat)
    {
        statx_t buffer = default;
        int result = WithPath(
            directory,
            path,
            static (d, p, b) => statx(d, p, AT_SYMLINK_NOFOLLOW | (*p == 0 ? AT_EMPTY_PATH : 0), statx_t.STATX_BASIC_STATS, (statx_t*)b),
            (nint)(&buffer));
        stat = result < 0 ? default : FileStat.From(buffer);
        return result;
    }

    /// <summary>The target of a symbolic link, or null with the errno in <paramref name="error"/>.</summary>
    public static string? ReadLink(int directory, string path, out int error)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(4096);
        try
        {
            int length = WithPath(directory, path, static (d, p, b) =>
            {
                fixed (byte* bytes = b)
                    return (int)readlinkat(d, p, bytes, (nuint)b.Length);
            }, buffer);
            error = length < 0 ? -length : 0;
            return length < 0 ? null : Encoding.Latin1.GetString(buffer, 0, length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Where an open descriptor's file is now, from /proc; absolute.</summary>
    public static string? PathOf(int descriptor) => ReadLink(AT_FDCWD, $"/proc/self/fd/{descriptor}", out _);

    /// <summary>Writes everything; 0 or a negative errno.</summary>
    public static int WriteAll(int descriptor, ReadOnlySpan<byte> data)
    {
        fixed (byte* start = data)
        {
            nuint done = 0;
            while (done < (nuint)data.Length)
            {
                int written = Result((int)write(descriptor, start + done, (nuint)data.Length - done));
                if (written == -Errno.EINTR)
                    continue;
                if (written < 0)
                    return written;
                done += (nuint)written;
            }
        }

        return 0;
    }

    /// <summary>Writes everything at an offset; 0 or a negative errno.</summary>
    public static int WriteAllAt(int descriptor, ReadOnlySpan<byte> data, long offset)
    {
        fixed (byte* start = data)
        {
            nuint done = 0;
            while (done < (nuint)data.Length)
            {
                int written = Result((int)pwrite(descriptor, start + done, (nuint)data.Length - done, offset + (long)done));
                if (written == -Errno.EINTR)
                    continue;
                if (written < 0)
                    return written;
                done += (nuint)written;
            }
        }

        return 0;
    }

    public static int Read(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            int count;
            do
                count = Result((int)read(descriptor, start, (nuint)buffer.Length));
            while (count == -Errno.EINTR);
            return count;
        }
    }

    public static int ReadAt(int descriptor, Span<byte> buffer, long offset)
    {
        fixed (byte* start = buffer)
        {
            int count;
            do
                count = Result((int)pread(descriptor, start, (nuint)buffer.Length, offset));
            while (count == -Errno.EINTR);
            return count;
        }
    }

    /// <summary>lseek(2), also with SEEK_DATA and SEEK_HOLE, and of folders; negative errno on failure.</summary>
    public static long Seek(int descriptor, long offset, int whence)
    {
        long result = lseek(descriptor, offset, whence);
        return result < 0 ? -Marshal.GetLastPInvokeError() : result;
    }

    public static int Truncate(int descriptor, long length) => Result(ftruncate(descriptor, length));

    public static int Sync(int descriptor) => Result(fsync(descriptor));

    /// <summary>Writes out everything of the file system that holds the descriptor.</summary>
    public static int SyncFileSystem(int descriptor) => Result(syncfs(descriptor));

    public static int Close(int descriptor) => Result(close(descriptor));

    internal static int ReadEntries(int descriptor, Span<byte> buffer)
    {
        fixed (byte* start = buffer)
            return Result((int)getdents64(descriptor, start, (nuint)buffer.Length));
    }

    /// <summary>Takes the immutable and append-only marks off (ioctl_iflags(2)), which even root's unlink respects.</summary>
    public static int ClearProtection(int descriptor)
    {
        const nuint FS_IOC_GETFLAGS = 0x80086601, FS_IOC_SETFLAGS = 0x40086602;
        const nint FS_IMMUTABLE_FL = 0x10, FS_APPEND_FL = 0x20;
        nint flags = 0;
        int result = Result(ioctl(descriptor, FS_IOC_GETFLAGS, &flags));
        if (result < 0)
            return result;
        if ((flags & (FS_IMMUTABLE_FL | FS_APPEND_FL)) == 0)
            return -Errno.EPERM;
        flags &= ~(FS_IMMUTABLE_FL | FS_APPEND_FL);
        return Result(ioctl(descriptor, FS_IOC_SETFLAGS, &flags));
    }

    /// <summary>Throws for a negative result.</summary>
    public static int Check(int result, string call, string? subject = null)
        => result >= 0 ? result : throw new LinuxException(-result, call, subject is null ? null : BytePath.ToText(subject));

    private static ulong MakeDevice(uint major, uint minor)
        => (minor & 0xFF) | ((ulong)(major & 0xFFF) << 8) | ((ulong)(minor & ~0xFFu) << 12) | ((ulong)(major & ~0xFFFu) << 32);

    private delegate int PathCall<T>(int directory, byte* path, T argument);

    [SkipLocalsInit]
    private static int WithPath<T>(int directory, string path, PathCall<T> call, T argument)
    {
        if (path.Length > 4095)
            return -Errno.ENAMETOOLONG;
        byte* stack = stackalloc byte[512];
        if (path.Length < 512)
        {
            Encoding.Latin1.GetBytes(path, new Span<byte>(stack, 512));
            stack[path.Length] = 0;
            return Result(call(directory, stack, argument));
        }

        byte[] rented = ArrayPool<byte>.Shared.Rent(path.Length + 1);
        Encoding.Latin1.GetBytes(path, rented);
        rented[path.Length] = 0;
        fixed (byte* bytes = rented)
        {
            int result = Result(call(directory, bytes, argument));
            ArrayPool<byte>.Shared.Return(rented);
            return result;
        }
    }

    private static int Result(int result) => result < 0 ? -Marshal.GetLastPInvokeError() : result;
}
