using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Namespaces;

/// <summary>Namespace files (<c>/proc/PID/ns/…</c>, or bind mounts of them).</summary>
public static class NamespaceFile
{
    private const long NSFS_MAGIC = 0x6e736673;

    /// <summary>Opens a namespace file and checks that it is one.</summary>
    /// <exception cref="LinuxException">It cannot be opened, or is no namespace (EINVAL).</exception>
    public static Descriptor Open(string path)
    {
        var file = Files.Open(path, OpenFlags.O_RDONLY);
        if (FileSystemMagic.Of(file.Number) == NSFS_MAGIC)
            return file;
        file.Dispose();
        throw new LinuxException(Errno.EINVAL, "open namespace", path);
    }

    /// <summary>Whether a namespace was made in the user namespace given (ioctl_ns(2)).</summary>
    /// <exception cref="LinuxException">The kernel does not say.</exception>
    public static bool BelongsTo(int descriptor, int user)
    {
        const int NS_GET_USERNS = 0xb701;
        nint owner = SystemCall.Call(SystemCall.ioctl, descriptor, NS_GET_USERNS);
        if (owner < 0)
            throw new LinuxException((int)-owner, "ioctl(NS_GET_USERNS)");
        using var file = new Descriptor((int)owner);
        // The link's text has the inode, which is the namespace's identity.
        return LinkOf(file.Number) is { } link && link == LinkOf(user);
    }

    private static string? LinkOf(int descriptor) => new FileInfo($"/proc/thread-self/fd/{descriptor}").LinkTarget;

    /// <summary>Moves the calling thread into a namespace (setns(2)); <paramref name="flags"/> says which kinds are meant.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static void Enter(int descriptor, ulong flags)
    {
        nint result = SystemCall.Call(SystemCall.setns, descriptor, (nint)flags);
        if (result < 0)
            throw new LinuxException((int)-result, "setns");
    }
}
