using Hafen.Linux;
using Hafen.Linux.FileSystem;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>The terminal and the three standard streams.</summary>
internal static unsafe class ChildTerminal
{
    private const int TIOCSPTLCK = 0x40045431, TIOCGPTPEER = 0x5441, TIOCSWINSZ = 0x5414;

    /// <summary>ioctl(2)'s request for a controlling terminal.</summary>
    public const int TIOCSCTTY = 0x540E;

    /// <summary>
    /// The pair is made in the container's own devpts, so that ttyname(3) works inside. The slave comes from the master by ioctl, not by a name
    /// that the image could have prepared.
    /// </summary>
    public static nint Open(ChildState* state, Step* step)
    {
        nint master = step->Number != 0 ? OpenHostMaster() : OpenMaster(state);
        if (master < 0)
            return master;
        int unlocked = 0;
        nint result = Direct(ioctl, master, TIOCSPTLCK, (nint)(&unlocked));
        if (result >= 0)
            result = Direct(ioctl, master, TIOCGPTPEER, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC);
        if (result >= 0)
        {
            state->TerminalSlave = (int)result;
            if (step->Value > 0 && step->Other > 0)
                result = Resize(master, (ushort)step->Value, (ushort)step->Other);
        }

        if (result >= 0)
            result = ChildReports.Send(state, ChildMessageKind.Terminal, (int)master);
        Direct(close, master);
        return result < 0 ? result : 0;
    }

    /// <summary>The name is looked up without following a link, and the mount goes onto what was looked up (CVE-2025-52565).</summary>
    public static nint BindConsole(ChildState* state)
    {
        byte* name;
        fixed (byte* path = "/dev/console"u8)
        {
            nint parent = ChildPaths.EnsureParent(state->Root, path, &name);
            if (parent < 0)
                return parent;
            int flags = OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC;
            nint place = Direct(openat, parent, (nint)name, flags);
            if (place == -Errno.ENOENT)
            {
                nint made = Direct(openat, parent, (nint)name,
                    OpenFlags.O_CREAT | OpenFlags.O_EXCL | OpenFlags.O_WRONLY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC, 0x180);
                if (made >= 0)
                    Direct(close, made);
                place = Direct(openat, parent, (nint)name, flags);
            }

            Direct(close, parent);
            if (place < 0)
                return place;
            nint type = ChildMounts.FileType((int)place);
            if (type is not statx_t.S_IFREG and not statx_t.S_IFCHR)
                return -Errno.ELOOP;
            nint tree = ChildMounts.CloneOf(state->TerminalSlave, recursive: false);
            if (tree < 0)
                return tree;
            nint result = ChildMounts.MoveTo(tree, place);
            Direct(close, tree);
            return result;
        }
    }

    public static nint StandardStreams(ChildState* state, Step* step)
    {
        for (int stream = 0; stream < 3; stream++)
        {
            nint source = state->TerminalSlave >= 0 ? state->TerminalSlave
                : stream == 0 ? (nint)step->Value : stream == 1 ? (nint)step->Other : step->Number;
            // The host's /dev/null would keep a mount of the host open: the container has its own.
            if (source < 0 || ChildMounts.IsNull((int)source))
                source = OpenNull(state);
            if (source < 0)
                return source;
            nint result = Direct(dup3, source, stream);
            if (result < 0)
                return result;
        }

        if (state->TerminalSlave >= 0)
            Direct(close, state->TerminalSlave);
        return 0;
    }

    /// <summary>Only the leader of a session can take a terminal for it, so the process that stays does, not one that cloned it.</summary>
    public static nint TakeControl() => Direct(ioctl, 0, TIOCSCTTY);

    /// <summary>So that the user may open /dev/stdout again. What cannot be given away stays as it is.</summary>
    public static nint OwnStreams(uint user)
    {
        for (int stream = 0; stream < 3; stream++)
        {
            statx_t status;
            nint result;
            fixed (byte* empty = "\0"u8)
                result = Direct(statx, stream, (nint)empty, OpenFlags.AT_EMPTY_PATH, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status));
            if (result < 0 || status.stx_uid == user || ChildMounts.IsNull(stream))
                continue;
            result = Direct(fchown, stream, (nint)user, -1);
            if (result is < 0 and not -Errno.EINVAL and not -Errno.EPERM and not -Errno.EROFS)
                return result;
        }

        return 0;
    }

    private static nint OpenNull(ChildState* state)
    {
        nint device;
        fixed (byte* path = "/dev/null"u8)
            device = ChildPaths.Open(state->Root, path, OpenFlags.O_RDWR);
        if (device < 0 || ChildMounts.IsNull((int)device))
            return device;
        Direct(close, device);
        return -Errno.ENODEV;
    }

    private static nint OpenMaster(ChildState* state)
    {
        nint folder;
        fixed (byte* path = "/dev/pts"u8)
            folder = ChildPaths.Open(state->Root, path, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
        if (folder < 0)
            return folder;
        nint master;
        if (ChildMounts.Magic((int)folder) == FileSystemMagic.DEVPTS_SUPER_MAGIC)
        {
            fixed (byte* name = "ptmx"u8)
                master = Direct(openat, folder, (nint)name, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC);
        }
        else
        {
            state->Detail = ChildDetail.WrongFileSystem;
            master = -Errno.ENOTTY;
        }

        Direct(close, folder);
        return master;
    }

    private static nint OpenHostMaster()
    {
        fixed (byte* path = "/dev/ptmx"u8)
            return Direct(openat, OpenFlags.AT_FDCWD, (nint)path, OpenFlags.O_RDWR | OpenFlags.O_NOCTTY | OpenFlags.O_CLOEXEC);
    }

    private static nint Resize(nint master, ushort height, ushort width)
    {
        ushort* size = stackalloc ushort[4];
        size[0] = height;
        size[1] = width;
        size[2] = 0;
        size[3] = 0;
        return Direct(ioctl, master, TIOCSWINSZ, (nint)size);
    }
}
