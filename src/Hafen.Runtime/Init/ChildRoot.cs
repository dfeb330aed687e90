using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Mounts;
using Hafen.Linux.Namespaces;
using static Hafen.Linux.Processes.SystemCall;

namespace Hafen.Runtime.Init;

/// <summary>The change of root, and the way into the working directory.</summary>
internal static unsafe class ChildRoot
{
    public static nint Pivot(ChildState* state, bool byMove)
    {
        fixed (byte* root = "/"u8, here = "."u8)
        {
            nint result = byMove ? Move(state, root, here) : Exchange(state, root, here);
            if (result < 0)
                return result;
            result = Direct(chdir, (nint)root);
            if (result < 0)
                return result;
            // From here on paths in the root are ordinary ones, but steps keep asking the same way.
            nint reopened = Direct(openat, OpenFlags.AT_FDCWD, (nint)root, ChildPaths.Directory);
            if (reopened < 0)
                return reopened;
            Direct(close, state->Root);
            state->Root = (int)reopened;
            return 0;
        }
    }

    public static nint MakeReadonly()
    {
        fixed (byte* root = "/"u8)
        {
            mount_attr attributes;
            attributes.attr_set = mount_attr.MOUNT_ATTR_RDONLY;
            attributes.attr_clr = 0;
            attributes.propagation = 0;
            attributes.userns_fd = 0;
            return Direct(mount_setattr, OpenFlags.AT_FDCWD, (nint)root, 0, (nint)(&attributes), sizeof(mount_attr));
        }
    }

    /// <summary>
    /// A working directory behind a leaked descriptor would lie outside the root; the kernel then names it without a leading slash
    /// (CVE-2024-21626).
    /// </summary>
    public static nint ChangeDirectory(ChildState* state, Step* step)
    {
        if (state->InDirectory)
            return 0;
        nint result = Direct(chdir, (nint)step->Text);
        // The container's user may enter what root in a user namespace may not.
        if (result is -Errno.EACCES or -Errno.EPERM && step->Value != 0)
            return 0;
        if (result < 0)
            return result;
        byte* path = stackalloc byte[ChildPaths.PathRoom];
        result = Direct(getcwd, (nint)path, ChildPaths.PathRoom);
        if (result < 0 && result != -Errno.ENOENT)
            return result;
        if (result > 0 && path[0] == '/')
        {
            state->InDirectory = true;
            return 0;
        }

        state->Detail = ChildDetail.OutsideRoot;
        return -Errno.EACCES;
    }

    /// <summary>
    /// A runtime that runs in a chroot gives its containers the namespace's own root all the same: whoever joins the namespace later, as exec does,
    /// arrives there and not where the runtime was.
    /// </summary>
    private static void LeaveChroot()
    {
        fixed (byte* own = "/proc/self/ns/mnt"u8)
        {
            nint self = Direct(openat, OpenFlags.AT_FDCWD, (nint)own, OpenFlags.O_RDONLY | OpenFlags.O_CLOEXEC);
            if (self < 0)
                return;
            Direct(setns, self, (nint)NamespaceFlags.CLONE_NEWNS);
            Direct(close, self);
        }
    }

    private static nint Exchange(ChildState* state, byte* root, byte* here)
    {
        LeaveChroot();
        nint old = Direct(openat, OpenFlags.AT_FDCWD, (nint)root, ChildPaths.Directory);
        if (old < 0)
            return old;
        nint result = Direct(fchdir, state->Root);
        // The old root ends up on top of the new one, so that no folder of the image has to hold it.
        if (result >= 0)
            result = Direct(pivot_root, (nint)here, (nint)here);
        if (result >= 0)
            result = Direct(fchdir, old);
        // Unmounting must not reach the host, whatever the propagation was.
        if (result >= 0)
            result = Direct(mount, 0, (nint)here, 0, (nint)(MountFlags.MS_SLAVE | MountFlags.MS_REC));
        if (result >= 0)
            result = Direct(umount2, (nint)here, MountFlags.MNT_DETACH);
        Direct(close, old);
        return result;
    }

    private static nint Move(ChildState* state, byte* root, byte* here)
    {
        // The host's procfs and sysfs would stay reachable below the moved root.
        fixed (byte* proc = "/proc"u8, sys = "/sys"u8)
        {
            Direct(umount2, (nint)proc, MountFlags.MNT_DETACH);
            Direct(umount2, (nint)sys, MountFlags.MNT_DETACH);
        }

        nint result = Direct(fchdir, state->Root);
        if (result >= 0)
            result = Direct(mount, (nint)here, (nint)root, 0, (nint)MountFlags.MS_MOVE);
        return result < 0 ? result : Direct(chroot, (nint)here);
    }
}
