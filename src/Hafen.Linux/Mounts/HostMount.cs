using System.Text;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Mounts;

/// <summary>Mounts in the daemon's own mount namespace, for what several containers share.</summary>
public static unsafe class HostMount
{
    /// <summary>Mounts a tmpfs that holds data only: no devices, no set-uid, nothing executable.</summary>
    /// <param name="path">An existing folder.</param>
    /// <param name="data">Options of the file system, for example <c>mode=1777,size=65536</c>.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Tmpfs(string path, string data) => Tmpfs(path, MountFlags.MS_NOSUID | MountFlags.MS_NODEV | MountFlags.MS_NOEXEC, data);

    /// <summary>Mounts a tmpfs.</summary>
    /// <param name="path">An existing folder.</param>
    /// <param name="flags">MS_ bits of <see cref="MountFlags"/>.</param>
    /// <param name="data">Options of the file system.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Tmpfs(string path, ulong flags, string data)
    {
        fixed (byte* type = "tmpfs\0"u8)
        fixed (byte* target = Encoding.UTF8.GetBytes(path + '\0'))
        fixed (byte* options = Encoding.UTF8.GetBytes(data + '\0'))
        {
            nint result = SystemCall.Call(SystemCall.mount, (nint)type, (nint)target, (nint)type, (nint)flags, (nint)options);
            if (result != 0)
                throw new LinuxException((int)-result, "mount", path);
        }
    }

    /// <summary>Takes the mount away now and lets those who still use it finish; fine when nothing is mounted there.</summary>
    public static void Detach(string path)
    {
        const int MNT_DETACH = 2, UMOUNT_NOFOLLOW = 8;
        fixed (byte* target = Encoding.UTF8.GetBytes(path + '\0'))
        {
            nint result = SystemCall.Call(SystemCall.umount2, (nint)target, MNT_DETACH | UMOUNT_NOFOLLOW);
            if (result is not (0 or -Errno.EINVAL or -Errno.ENOENT))
                throw new LinuxException((int)-result, "umount2", path);
        }
    }
}
