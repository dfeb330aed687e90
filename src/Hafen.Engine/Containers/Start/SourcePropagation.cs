using Hafen.Linux.Procfs;

namespace Hafen.Engine.Containers.Start;

/// <summary>Whether the mount that holds a bind's source can do what the requested propagation wants of it. Pure.</summary>
internal static class SourcePropagation
{
    /// <summary>Whether <see cref="Refusal"/> can refuse this propagation at all.</summary>
    public static bool Matters(string? propagation) => propagation is "shared" or "rshared" or "slave" or "rslave";

    /// <summary>Docker's words when nothing would propagate; null when all is well.</summary>
    /// <param name="source">Absolute path without links.</param>
    /// <param name="propagation">The word of the request.</param>
    /// <param name="mounts">The mounts of the daemon's namespace, in the kernel's order.</param>
    public static string? Refusal(string source, string? propagation, IEnumerable<MountInfo> mounts)
    {
        if (!Matters(propagation))
            return null;
        // The longest mount point that the path begins with; of several at one place the last one covers the others.
        MountInfo? holder = null;
        foreach (var mount in mounts)
        {
            bool above = mount.MountPoint == "/" || source == mount.MountPoint || source.StartsWith(mount.MountPoint + "/", StringComparison.Ordinal);
            if (above && mount.MountPoint.Length >= (holder?.MountPoint.Length ?? 0))
                holder = mount;
        }
        bool shared = holder?.Optional.Contains("shared:", StringComparison.Ordinal) ?? false;
        bool slave = holder?.Optional.Contains("master:", StringComparison.Ordinal) ?? false;
        bool slaveWillDo = propagation is "slave" or "rslave";
        if (shared || (slave && slaveWillDo))
            return null;
        string wanted = slaveWillDo ? "a shared or slave mount" : "a shared mount";
        return $"path {source} is mounted on {holder?.MountPoint ?? "/"} but it is not {wanted}";
    }
}
