using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Makes file systems through fsopen(2): parameter by parameter, with the kernel's own words when it refuses.</summary>
internal static unsafe class ChildFileSystems
{
    public static nint Mount(ChildState* state, Step* step)
    {
        var rules = (FileSystemRule)step->Number;
        nint place;
        if ((rules & FileSystemRule.NoLink) != 0)
            place = OpenOrdinaryFolder(state, step->Text);
        else
            place = ChildPaths.Open(state->Root, step->Text, OpenFlags.O_PATH);
        if (place == -Errno.ENOENT)
        {
            // Made just for the mount: there is no mode to keep, but one to give, so that the next start finds what this one had.
            place = ChildPaths.Ensure(state->Root, step->Text, folder: true);
            if (place >= 0 && (rules & FileSystemRule.KeepMode) != 0)
                OpenToAll(state, step->Text);
            rules &= ~FileSystemRule.KeepMode;
        }

        if (place >= 0)
            place = ChildMounts.CheckPlace(state, place, (rules & FileSystemRule.MayLieInProcfs) != 0);
        if (place < 0)
            return place;
        nint tree = Create(state, step, (int)place, (rules & FileSystemRule.KeepMode) != 0);
        if (tree < 0)
            return tree;
        nint result = step->Other == 0 ? 0 : ChildMounts.SetPropagation(tree, (ulong)step->Other, recursive: false);
        if (result >= 0 && (rules & FileSystemRule.CopyUp) != 0)
            result = ChildCopy.Contents((int)place, (int)tree);
        if (result >= 0)
            result = ChildMounts.MoveTo(tree, place);
        Direct(close, tree);
        return result;
    }

    /// <summary>Opens a context and sends it to the parent.</summary>
    public static nint OpenForParent(ChildState* state, Step* step)
    {
        nint context = Direct(fsopen, (nint)step->Text, MountFlags.FSOPEN_CLOEXEC);
        return context < 0 ? context : ChildReports.Send(state, ChildMessageKind.FileSystem, (int)context);
    }

    public static nint MountAtHost(ChildState* state, Step* step)
    {
        nint place = Direct(openat, OpenFlags.AT_FDCWD, (nint)step->Text, OpenFlags.O_PATH | OpenFlags.O_CLOEXEC);
        if (place < 0)
            return place;
        nint tree = Create(state, step, -1, keepMode: false);
        if (tree < 0)
            return tree;
        nint result = ChildMounts.MoveTo(tree, place);
        Direct(close, tree);
        return result;
    }

    /// <summary>An empty read-only tmpfs, attached nowhere.</summary>
    public static nint EmptyFolder()
    {
        nint context;
        fixed (byte* type = "tmpfs"u8)
            context = Direct(fsopen, (nint)type, MountFlags.FSOPEN_CLOEXEC);
        if (context < 0)
            return context;
        nint result;
        fixed (byte* key = "source"u8, value = "tmpfs"u8)
            result = Direct(fsconfig, context, MountFlags.FSCONFIG_SET_STRING, (nint)key, (nint)value);
        fixed (byte* key = "nr_inodes"u8, value = "1"u8)
            result = result < 0 ? result : Direct(fsconfig, context, MountFlags.FSCONFIG_SET_STRING, (nint)key, (nint)value);
        fixed (byte* key = "mode"u8, value = "755"u8)
            result = result < 0 ? result : Direct(fsconfig, context, MountFlags.FSCONFIG_SET_STRING, (nint)key, (nint)value);
        if (result >= 0)
            result = Direct(fsconfig, context, MountFlags.FSCONFIG_CMD_CREATE);
        if (result >= 0)
            result = Direct(fsmount, context, MountFlags.FSMOUNT_CLOEXEC, (nint)mount_attr.MOUNT_ATTR_RDONLY);
        Direct(close, context);
        return result;
    }

    /// <summary>Configures a file system context and makes a detached mount of it.</summary>
    public static nint Finish(ChildState* state, nint context, byte** parameters, long count, ulong attributes)
    {
        nint result = 0;
        for (long i = 0; i + 1 < count && result >= 0; i += 2)
        {
            byte* value = parameters[i + 1];
            result = Direct(fsconfig, context, value == null ? MountFlags.FSCONFIG_SET_FLAG : MountFlags.FSCONFIG_SET_STRING, (nint)parameters[i], (nint)value);
        }

        if (result >= 0)
            result = Direct(fsconfig, context, MountFlags.FSCONFIG_CMD_CREATE);
        if (result >= 0)
            result = Direct(fsmount, context, MountFlags.FSMOUNT_CLOEXEC, (nint)attributes);
        if (result < 0)
            ReadLog(state, context);
        Direct(close, context);
        return result;
    }

    private static nint Create(ChildState* state, Step* step, int place, bool keepMode)
    {
        nint context = step->Descriptor;
        if (context < 0)
            context = Direct(fsopen, (nint)step->Second, MountFlags.FSOPEN_CLOEXEC);
        if (context < 0)
            return context;
        if (keepMode)
        {
            nint result = SetModeOf(context, place);
            if (result < 0)
            {
                Direct(close, context);
                return result;
            }
        }

        nint tree = Finish(state, context, step->Strings, step->StringCount, (ulong)step->Value);
        // A context that somebody else has opened is a procfs's or useless.
        if (tree < 0 || step->Descriptor < 0 || ChildMounts.Magic((int)tree) == FileSystemMagic.PROC_SUPER_MAGIC)
            return tree;
        Direct(close, tree);
        state->Detail = ChildDetail.WrongFileSystem;
        return -Errno.EINVAL;
    }

    private static nint SetModeOf(nint context, int folder)
    {
        statx_t status;
        nint result;
        fixed (byte* empty = "\0"u8)
            result = Direct(statx, folder, (nint)empty, OpenFlags.AT_EMPTY_PATH, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status));
        if (result < 0)
            return result;
        byte* text = stackalloc byte[24];
        NativeText.WriteNumber(text, status.stx_mode & 0xFFF, radix: 8);
        fixed (byte* key = "mode"u8)
            return Direct(fsconfig, context, MountFlags.FSCONFIG_SET_STRING, (nint)key, (nint)text);
    }

    /// <summary>Gives a folder the mode of a tmpfs that names none. Where that fails the folder has a narrower one, which does no harm.</summary>
    private static void OpenToAll(ChildState* state, byte* path)
    {
        nint folder = ChildPaths.Open(state->Root, path, OpenFlags.O_RDONLY | OpenFlags.O_DIRECTORY);
        if (folder < 0)
            return;
        Direct(fchmod, folder, 0x3FF);
        Direct(close, folder);
    }

    /// <summary>The folder itself, not what a link of the image leads to.</summary>
    private static nint OpenOrdinaryFolder(ChildState* state, byte* path)
    {
        nint place = ChildPaths.Open(state->Root, path, OpenFlags.O_PATH | OpenFlags.O_NOFOLLOW);
        if (place < 0 || ChildMounts.FileType((int)place) == statx_t.S_IFDIR)
            return place;
        Direct(close, place);
        state->Detail = ChildDetail.NotOrdinaryFolder;
        return -Errno.ENOTDIR;
    }

    /// <summary>Takes the context's last message, without the letter of its level.</summary>
    private static void ReadLog(ChildState* state, nint context)
    {
        byte* text = stackalloc byte[ChildMessage.TextRoom];
        while (true)
        {
            nint length = Direct(read, context, (nint)text, ChildMessage.TextRoom - 1);
            if (length <= 2)
                return;
            int end = (int)length;
            if (text[end - 1] == '\n')
                end--;
            for (int i = 2; i < end; i++)
                state->Note[i - 2] = text[i];
            state->Note[end - 2] = 0;
        }
    }
}
