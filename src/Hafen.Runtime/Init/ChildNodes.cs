using Hafen.Linux;
using Hafen.Linux.FileSystem;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>Device nodes, links and folders in the root.</summary>
internal static unsafe class ChildNodes
{
    public static nint MakeNode(ChildState* state, Step* step)
    {
        byte* name;
        nint parent = ChildPaths.EnsureParent(state->Root, step->Text, &name);
        if (parent < 0)
            return parent;
        nint result = Direct(mknodat, parent, (nint)name, (nint)step->Value, (nint)step->Other);
        if (result == -Errno.EEXIST)
            result = CheckNode(parent, name, step);
        if (result >= 0 && (step->Number != 0 || step->Descriptor > 0))
            result = Direct(fchownat, parent, (nint)name, step->Number, step->Descriptor, OpenFlags.AT_SYMLINK_NOFOLLOW);
        Direct(close, parent);
        return result;
    }

    public static nint MakeLink(ChildState* state, Step* step)
    {
        byte* name;
        nint parent = ChildPaths.EnsureParent(state->Root, step->Text, &name);
        if (parent < 0)
            return parent;
        if (step->Value != 0)
            Direct(unlinkat, parent, (nint)name, 0);
        nint result = Direct(symlinkat, (nint)step->Second, parent, (nint)name);
        Direct(close, parent);
        return result == -Errno.EEXIST ? 0 : result;
    }

    public static nint MakeFolder(ChildState* state, Step* step)
    {
        nint folder = ChildPaths.Ensure(state->Root, step->Text, folder: true);
        if (folder < 0)
            return folder;
        Direct(close, folder);
        return 0;
    }

    /// <summary>The image may bring the very device along; anything else under its name is refused rather than trusted.</summary>
    private static nint CheckNode(nint parent, byte* name, Step* step)
    {
        statx_t status;
        nint result = Direct(statx, parent, (nint)name, OpenFlags.AT_SYMLINK_NOFOLLOW, (nint)statx_t.STATX_BASIC_STATS, (nint)(&status));
        if (result < 0)
            return result;
        uint device = (status.stx_rdev_minor & 0xff) | (status.stx_rdev_major << 8) | ((status.stx_rdev_minor & ~0xffu) << 12);
        int type = (int)step->Value & statx_t.S_IFMT;
        bool same = (status.stx_mode & statx_t.S_IFMT) == type && (type == statx_t.S_IFIFO || device == (uint)step->Other);
        return same ? 0 : -Errno.EEXIST;
    }
}
