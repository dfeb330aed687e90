using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Attaches mounts by descriptor, and covers what the container shall not see or change.</summary>
internal static unsafe class ChildMounts
{
    public static nint Propagation(ulong flags)
    {
        fixed (byte* root = "/"u8)
            return Direct(mount, 0, (nint)root, 0, (nint)flags);
    }

    public static nint AttachAtHost(Step* step)
    {
        nint place = Direct(openat, OpenFlags.AT_FDCWD, (nint)step->Text, OpenFlags.O_PATH | OpenFlags.O_CLOEXEC);
        return place < 0 ? place : MoveTo(step->Descriptor, place);
    }

    public static nint OpenRoot(ChildState* state, Step* step)
    {
        nint root = Direct(openat, OpenFlags.AT_FDCWD, (nint)step->Text, ChildPaths.Directory);
        if (root < 0)
            return root;
        state->Root = (int)root;
        return 0;
    }

    public static nint Attach(ChildState* state, Step* step)
    {
        if (((AttachRule)step->Value & AttachRule.MustBeProcfs) != 0 && Magic(step->Descriptor) != FileSystemMagic.PROC_SUPER_MAGIC)
        {
            state->Detail = ChildDetail.WrongFileSystem;
            return -Errno.EINVAL;
        }

        nint type = FileType(step->Descriptor);
        if (type < 0)
            return type;
        nint place = ChildPaths.Ensure(state->Root, step->Text, type == statx_t.S_IFDIR);
        if (place >= 0)
            place = CheckPlace(state, place, ((AttachRule)step->Value & AttachRule.MayLieInProcfs) != 0);
        return place < 0 ? place : MoveTo(step->Descriptor, place);
    }

    /// <summary>Refuses a mount point that a link has led into a procfs; otherwise gives it back.</summary>
    public static nint CheckPlace(ChildState* state, nint place, bool mayLieInProcfs)
    {
        if (mayLieInProcfs || Magic((int)place) != FileSystemMagic.PROC_SUPER_MAGIC)
            return place;
        Direct(close, place);
        state->Detail = ChildDetail.WrongFileSystem;
        return -Errno.EINVAL;
    }

    public static nint MakeReadonly(ChildState* state, Step* step)
    {
        nint place = ChildPaths.Open(state->Root, step->Text, OpenFlags.O_PATH);
        if (place < 0)
            return place;
        nint result = SetAttributes(place, mount_attr.MOUNT_ATTR_RDONLY, recursive: false);
        Direct(close, place);
        return result;
    }

    /// <summary>Hides a file behind /dev/null, a folder behind an empty one. What does not exist needs no hiding.</summary>
    public static nint Mask(ChildState* state, Step* step)
    {
        nint place = ChildPaths.Open(state->Root, step->Text, OpenFlags.O_PATH);
        if (place < 0)
            return place is -Errno.ENOENT or -Errno.ENOTDIR ? 0 : place;
        nint type = FileType((int)place);
        if (type < 0)
            return type;
        if (type == statx_t.S_IFDIR)
            return MaskFolder(state, place);
        nint tree = CloneNull(state);
        if (tree < 0)
            return tree;
        nint result = MoveTo(tree, place);
        Direct(close, tree);
        return result;
    }

    public static nint ReadonlyPath(ChildState* state, Step* step)
    {
        nint place = ChildPaths.Open(state->Root, step->Text, OpenFlags.O_PATH);
        if (place < 0)
            return place is -Errno.ENOENT or -Errno.ENOTDIR ? 0 : place;
        nint tree = CloneOf((int)place, recursive: true);
        if (tree < 0)
            return tree;
        nint result = SetAttributes(tree, mount_attr.MOUNT_ATTR_RDONLY, recursive: false);
        if (result >= 0)
            result = MoveTo(tree, place);
        Direct(close, tree);
        return result;
    }

    /// <summary>Attaches a detached mount and closes the descriptor of the place.</summary>
    public static nint MoveTo(nint tree, nint place)
    {
        fixed (byte* empty = "\0"u8)
        {
            nint result = Direct(move_mount, tree, (nint)empty, place, (nint)empty,
                MountFlags.MOVE_MOUNT_F_EMPTY_PATH | MountFlags.MOVE_MOUNT_T_EMPTY_PATH);
            // mount(2) calls a folder on a file, or a file on a folder, by its name; move_mount(2) does not.
            if (result == -Errno.EINVAL && (FileType((int)tree) == statx_t.S_IFDIR) != (FileType((int)place) == statx_t.S_IFDIR))
                result = -Errno.ENOTDIR;
            Direct(close, place);
            return result;
        }
    }

    public static nint CloneOf(int descriptor, bool recursive)
    {
        fixed (byte* empty = "\0"u8)
        {
            return Direct(open_tree, descriptor, (nint)empty,
                MountFlags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | OpenFlags.AT_EMPTY_PATH | (recursive ? OpenFlags.AT_RECURSIVE : 0));
        }
    }

    public static nint SetAttributes(nint tree, ulong set, bool recursive)
    {
        mount_attr attributes;
        attributes.attr_set = set;
        attributes.attr_clr = 0;
        attributes.propagation = 0;
        attributes.userns_fd = 0;
        return Apply(tree, &attributes, recursive);
    }

    public static nint SetPropagation(nint tree, ulong propagation, bool recursive)
    {
        mount_attr attributes;
        attributes.attr_set = 0;
        attributes.attr_clr = 0;
        attributes.propagation = propagation;
        attributes.userns_fd = 0;
        return Apply(tree, &attributes, recursive);
    }

    /// <returns>S_IFDIR and the like, or a negative errno.</returns>
    public static nint FileType(int descriptor)
    {
        statx_t status;
        fixed (byte* empty = "\0"u8)
        {
            nint result = Direct(statx, descriptor, (nint)empty, OpenFlags.AT_EMPTY_PATH, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status));
            return result < 0 ? result : status.stx_mode & statx_t.S_IFMT;
        }
    }

    /// <returns>The file system's magic number, or a negative errno.</returns>
    public static long Magic(int descriptor)
    {
        long* buffer = stackalloc long[FileSystemMagic.StatfsSize / sizeof(long)];
        nint result = Direct(fstatfs, descriptor, (nint)buffer);
        return result < 0 ? result : buffer[0];
    }

    private static nint Apply(nint tree, mount_attr* attributes, bool recursive)
    {
        fixed (byte* empty = "\0"u8)
        {
            return Direct(mount_setattr, tree, (nint)empty, OpenFlags.AT_EMPTY_PATH | (recursive ? OpenFlags.AT_RECURSIVE : 0),
                (nint)attributes, sizeof(mount_attr));
        }
    }

    private static nint MaskFolder(ChildState* state, nint place)
    {
        if (state->EmptyFolder >= 0)
        {
            nint copy = CloneOf(state->EmptyFolder, recursive: false);
            if (copy < 0)
                return copy;
            nint result = MoveTo(copy, place);
            Direct(close, copy);
            return result;
        }

        nint made = ChildFileSystems.EmptyFolder();
        if (made < 0)
            return made;
        state->EmptyFolder = (int)made;
        return MoveTo(made, place);
    }

    /// <summary>
    /// A detached mount of the host's /dev/null, which is checked to be that device (CVE-2025-31133). It is read-only, which a device's data do not mind,
    /// but its mode and owner do: root inside must not change those of the host's node.
    /// </summary>
    private static nint CloneNull(ChildState* state)
    {
        if (state->Null < 0)
        {
            nint device;
            fixed (byte* path = "/dev/null"u8)
                device = Direct(openat, OpenFlags.AT_FDCWD, (nint)path, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW | OpenFlags.O_CLOEXEC);
            if (device < 0)
                return device;
            if (!IsNull((int)device))
                return -Errno.ENODEV;
            state->Null = (int)device;
        }

        nint tree = CloneOf(state->Null, recursive: false);
        if (tree < 0)
            return tree;
        const ulong Attributes = mount_attr.MOUNT_ATTR_RDONLY | mount_attr.MOUNT_ATTR_NOSUID | mount_attr.MOUNT_ATTR_NOEXEC;
        nint result = SetAttributes(tree, Attributes, recursive: false);
        if (result >= 0)
            return tree;
        Direct(close, tree);
        return result;
    }

    /// <summary>Whether the descriptor names the character device 1:3.</summary>
    public static bool IsNull(int descriptor)
    {
        statx_t status;
        fixed (byte* empty = "\0"u8)
        {
            return Direct(statx, descriptor, (nint)empty, OpenFlags.AT_EMPTY_PATH, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status)) == 0
                && (status.stx_mode & statx_t.S_IFMT) == statx_t.S_IFCHR && status.stx_rdev_major == 1 && status.stx_rdev_minor == 3;
        }
    }
}
