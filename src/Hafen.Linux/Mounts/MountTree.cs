using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Mounts;

/// <summary>Mounts that are attached nowhere yet, held by a descriptor (open_tree(2), mount_setattr(2)).</summary>
public static unsafe class MountTree
{
    /// <summary>Clones the mount at <paramref name="path"/>, what is mounted below included when <paramref name="recursive"/>: a bind mount without a place.</summary>
    /// <exception cref="LinuxException">The path is missing or the kernel refused.</exception>
    public static Descriptor Clone(string path, bool recursive)
    {
        int flags = MountFlags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | (recursive ? OpenFlags.AT_RECURSIVE : 0);
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
        {
            nint result = SystemCall.Call(SystemCall.open_tree, OpenFlags.AT_FDCWD, (nint)bytes, flags);
            return result >= 0 ? new Descriptor((int)result) : throw new LinuxException((int)-result, "open_tree", path);
        }
    }

    /// <summary>The same for what a descriptor (O_PATH is enough) names.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Descriptor Clone(int descriptor, bool recursive)
    {
        byte empty = 0;
        int flags = MountFlags.OPEN_TREE_CLONE | OpenFlags.O_CLOEXEC | OpenFlags.AT_EMPTY_PATH | (recursive ? OpenFlags.AT_RECURSIVE : 0);
        nint result = SystemCall.Call(SystemCall.open_tree, descriptor, (nint)(&empty), flags);
        return result >= 0 ? new Descriptor((int)result) : throw new LinuxException((int)-result, "open_tree");
    }

    /// <summary>Changes attributes or propagation of the mount <paramref name="tree"/> names, or of all mounts in it.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void SetAttributes(int tree, mount_attr attributes, bool recursive)
    {
        byte empty = 0;
        int flags = OpenFlags.AT_EMPTY_PATH | (recursive ? OpenFlags.AT_RECURSIVE : 0);
        nint result = SystemCall.Call(SystemCall.mount_setattr, tree, (nint)(&empty), flags, (nint)(&attributes), sizeof(mount_attr));
        if (result < 0)
            throw new LinuxException((int)-result, "mount_setattr");
    }
}
