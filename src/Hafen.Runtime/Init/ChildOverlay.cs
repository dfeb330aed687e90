using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>
/// The container's root from layers. Kernels from 6.7 on take the layers one by one (<c>lowerdir+</c>); before, all options of mount(2) have to fit
/// in a page, so the layers are opened and named by their numbers in /proc/self/fd: some 500 layers fit, more than the kernel stacks.
/// </summary>
internal static unsafe class ChildOverlay
{
    // The kernel stacks 500 layers.
    private const int OptionRoom = 4096, MaxFolders = 510;

    public static nint MountAtHost(ChildState* state, Step* step)
    {
        if (step->Other == 0)
        {
            nint result = ByParameters(state, step);
            // An unknown parameter, or a value longer than fsconfig takes: the older way knows neither limit.
            if (result != -Errno.EINVAL)
                return result;
            state->Note[0] = 0;
        }

        return ByOptions(state, step);
    }

    private static nint ByParameters(ChildState* state, Step* step)
    {
        nint context;
        fixed (byte* type = "overlay"u8)
            context = Direct(fsopen, (nint)type, MountFlags.FSOPEN_CLOEXEC);
        if (context < 0)
            return context;
        nint place = Direct(openat, OpenFlags.AT_FDCWD, (nint)step->Text, OpenFlags.O_PATH | OpenFlags.O_CLOEXEC);
        if (place < 0)
        {
            Direct(close, context);
            return place;
        }

        nint tree = ChildFileSystems.Finish(state, context, step->Strings, step->StringCount, (ulong)step->Value);
        if (tree < 0)
        {
            Direct(close, place);
            return tree;
        }

        nint result = ChildMounts.MoveTo(tree, place);
        Direct(close, tree);
        return result;
    }

    private static nint ByOptions(ChildState* state, Step* step)
    {
        byte* options = stackalloc byte[OptionRoom];
        options[0] = 0;
        nint descriptors;
        fixed (byte* path = "self/fd"u8)
            descriptors = Direct(openat, state->Proc, (nint)path, ChildPaths.Directory);
        if (descriptors < 0)
            return descriptors;
        int* folders = stackalloc int[MaxFolders];
        int opened = 0;
        int lowers = 0;
        nint result = 0;
        for (long i = 0; i + 1 < step->StringCount && result >= 0; i += 2)
            result = AddOption(options, step->Strings[i], step->Strings[i + 1], ref lowers, folders, ref opened);
        if (result >= 0)
            result = Direct(fchdir, descriptors);
        if (result >= 0)
        {
            fixed (byte* type = "overlay"u8)
                result = Direct(mount, (nint)type, (nint)step->Text, (nint)type, (nint)ToMountFlags((ulong)step->Value), (nint)options);
        }

        for (int i = 0; i < opened; i++)
            Direct(close, folders[i]);
        Direct(close, descriptors);
        fixed (byte* root = "/"u8)
            Direct(chdir, (nint)root);
        return result;
    }

    private static nint AddOption(byte* options, byte* key, byte* value, ref int lowers, int* folders, ref int opened)
    {
        bool isLower, isFolder;
        fixed (byte* lower = "lowerdir+"u8, upper = "upperdir"u8, work = "workdir"u8, source = "source"u8)
        {
            if (NativeText.Equal(key, source))
                return 0;
            isLower = NativeText.Equal(key, lower);
            isFolder = isLower || NativeText.Equal(key, upper) || NativeText.Equal(key, work);
        }

        bool room = true;
        fixed (byte* comma = ","u8, colon = ":"u8, equals = "="u8, lowerdir = "lowerdir"u8)
        {
            if (isLower && lowers++ > 0)
            {
                room &= NativeText.Append(options, OptionRoom, colon);
            }
            else
            {
                if (options[0] != 0)
                    room &= NativeText.Append(options, OptionRoom, comma);
                room &= NativeText.Append(options, OptionRoom, isLower ? lowerdir : key);
                if (value != null)
                    room &= NativeText.Append(options, OptionRoom, equals);
            }
        }

        if (isFolder)
        {
            if (opened == MaxFolders)
                return -Errno.E2BIG;
            nint folder = Direct(openat, OpenFlags.AT_FDCWD, (nint)value, ChildPaths.Directory);
            if (folder < 0)
                return folder;
            folders[opened++] = (int)folder;
            byte* number = stackalloc byte[24];
            NativeText.WriteNumber(number, folder);
            room &= NativeText.Append(options, OptionRoom, number);
        }
        else if (value != null)
        {
            room &= NativeText.Append(options, OptionRoom, value);
        }

        return room ? 0 : -Errno.E2BIG;
    }

    private static ulong ToMountFlags(ulong attributes) =>
        // The first four attributes have the values of their mount(2) flags.
        attributes & (mount_attr.MOUNT_ATTR_RDONLY | mount_attr.MOUNT_ATTR_NOSUID | mount_attr.MOUNT_ATTR_NODEV | mount_attr.MOUNT_ATTR_NOEXEC);
}
