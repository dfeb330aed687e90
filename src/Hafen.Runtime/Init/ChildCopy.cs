using Hafen.Linux;
using Hafen.Linux.FileSystem;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Copies what a mount point holds into the tmpfs that will hide it (<c>tmpcopyup</c>): types, modes, owners, times.</summary>
internal static unsafe class ChildCopy
{
    // Every level of recursion keeps its buffer on the stack.
    private const int MaxDepth = 64, EntryRoom = 16384;

    public static nint Contents(int from, int to) => Folder(from, to, MaxDepth);

    private static nint Folder(int from, int to, int depth)
    {
        if (depth == 0)
            return -Errno.ELOOP;
        nint source, target;
        fixed (byte* dot = "."u8)
        {
            source = Direct(openat, from, (nint)dot, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC);
            if (source < 0)
                return source;
            target = Direct(openat, to, (nint)dot, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY | OpenFlags.O_CLOEXEC);
        }

        nint result = target < 0 ? target : Entries(source, target, depth);
        Direct(close, source);
        if (target >= 0)
            Direct(close, target);
        return result;
    }

    private static nint Entries(nint source, nint target, int depth)
    {
        byte* buffer = stackalloc byte[EntryRoom];
        while (true)
        {
            nint length = Direct(getdents64, source, (nint)buffer, EntryRoom);
            if (length <= 0)
                return length;
            // struct linux_dirent64: inode, offset, record length at 16, type, name at 19.
            for (nint at = 0; at < length; at += *(ushort*)(buffer + at + 16))
            {
                byte* name = buffer + at + 19;
                if (name[0] == '.' && (name[1] == 0 || (name[1] == '.' && name[2] == 0)))
                    continue;
                nint result = Entry(source, target, name, depth);
                if (result < 0)
                    return result;
            }
        }
    }

    private static nint Entry(nint source, nint target, byte* name, int depth)
    {
        statx_t status;
        nint result = Direct(statx, source, (nint)name, OpenFlags.AT_SYMLINK_NOFOLLOW, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status));
        if (result < 0)
            return result;
        int type = status.stx_mode & statx_t.S_IFMT;
        result = type switch
        {
            statx_t.S_IFDIR => SubFolder(source, target, name, depth),
            statx_t.S_IFREG => File(source, target, name),
            statx_t.S_IFLNK => Link(source, target, name),
            // A socket without its listener is of no use to anybody.
            statx_t.S_IFSOCK => 1,
            _ => Direct(mknodat, target, (nint)name, status.stx_mode,
                (nint)((status.stx_rdev_minor & 0xff) | (status.stx_rdev_major << 8) | ((status.stx_rdev_minor & ~0xffu) << 12))),
        };
        if (result != 0)
            return result < 0 ? result : 0;
        result = Direct(fchownat, target, (nint)name, (nint)status.stx_uid, (nint)status.stx_gid, OpenFlags.AT_SYMLINK_NOFOLLOW);
        // Owner first: a change of owner clears set-user-ID.
        if (result >= 0 && type != statx_t.S_IFLNK)
            result = Direct(fchmodat, target, (nint)name, status.stx_mode & 0xFFF);
        if (result < 0)
            return result;
        long* times = stackalloc long[4];
        times[0] = status.stx_atime_sec;
        times[1] = status.stx_atime_nsec;
        times[2] = status.stx_mtime_sec;
        times[3] = status.stx_mtime_nsec;
        return Direct(utimensat, target, (nint)name, (nint)times, OpenFlags.AT_SYMLINK_NOFOLLOW);
    }

    private static nint SubFolder(nint source, nint target, byte* name, int depth)
    {
        nint result = Direct(mkdirat, target, (nint)name, 0x1C0);
        if (result < 0)
            return result;
        int flags = OpenFlags.O_PATH | OpenFlags.O_DIRECTORY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;
        nint from = Direct(openat, source, (nint)name, flags);
        if (from < 0)
            return from;
        nint to = Direct(openat, target, (nint)name, flags);
        result = to < 0 ? to : Folder((int)from, (int)to, depth - 1);
        Direct(close, from);
        if (to >= 0)
            Direct(close, to);
        return result;
    }

    private static nint File(nint source, nint target, byte* name)
    {
        nint from = Direct(openat, source, (nint)name, OpenFlags.O_RDONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_NONBLOCK | OpenFlags.O_CLOEXEC);
        if (from < 0)
            return from;
        nint to = Direct(openat, target, (nint)name,
            OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC, 0x180);
        nint result = to;
        while (result >= 0)
        {
            result = Direct(sendfile, to, from, 0, 1 << 20);
            if (result == 0)
                break;
        }

        Direct(close, from);
        if (to >= 0)
            Direct(close, to);
        return result;
    }

    private static nint Link(nint source, nint target, byte* name)
    {
        byte* text = stackalloc byte[ChildPaths.PathRoom];
        nint length = Direct(readlinkat, source, (nint)name, (nint)text, ChildPaths.PathRoom - 1);
        if (length < 0)
            return length;
        text[length] = 0;
        return Direct(symlinkat, (nint)text, target, (nint)name);
    }
}
