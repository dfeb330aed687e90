using Hafen.Api;
using Hafen.Errors;
using Hafen.Linux;
using Hafen.Linux.FileSystem;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Containers.Spec;

/// <param name="Node">The node to make inside the container.</param>
/// <param name="Permissions">What the container may do with it: any of <c>r</c>, <c>w</c>, <c>m</c>.</param>
internal sealed record HostDevice(SpecDevice Node, string Permissions);

/// <summary>Devices of the host, looked up for <c>--device</c> and <c>--privileged</c>.</summary>
internal static class HostDevices
{
    /// <summary>A folder may be named that holds the whole host, and be named often.</summary>
    private const int MostFiles = 65_536;

    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = 0, IgnoreInaccessible = true };

    /// <summary>The devices a container gets besides the standard ones.</summary>
    /// <exception cref="EngineException">A path is not there or is no device.</exception>
    public static List<HostDevice> Of(HostConfig host)
    {
        var devices = new List<HostDevice>();
        int room = MostFiles;
        if (host.Privileged)
        {
            Collect("/dev", "/dev", "rwm", devices, top: true, ref room);
        }
        var seen = new HashSet<(string, string, string)>();
        foreach (var mapping in host.Devices ?? [])
        {
            string source = mapping.PathOnHost ?? "";
            string target = string.IsNullOrEmpty(mapping.PathInContainer) ? source : mapping.PathInContainer;
            // It has that one already.
            if (host.Privileged && target == source)
                continue;
            string permissions = string.IsNullOrEmpty(mapping.CgroupPermissions) ? "rwm" : mapping.CgroupPermissions;
            if (!seen.Add((source, target, permissions)))
                continue;
            // What the daemon's own working directory holds is nobody's business.
            if (source.Length > 0 && source[0] != '/')
                throw Missing(source, "no absolute path");
            Take(ref room);
            if (!FileStatus.TryGet(source, followLinks: true, out var status, out int error))
                throw Missing(source, Errno.Text(error));
            if (status.Type == statx_t.S_IFDIR)
            {
                int before = devices.Count;
                Collect(source, target, permissions, devices, top: false, ref room);
                if (devices.Count == before)
                    throw Missing(source, "not a device node");
            }
            else if (Node(target, status) is { } node)
            {
                devices.Add(new HostDevice(node, permissions));
            }
            else
            {
                throw Missing(source, "not a device node");
            }
        }
        return devices;
    }

    /// <summary>Numbers of a block device for I/O limits.</summary>
    /// <exception cref="EngineException">The path is not there.</exception>
    public static (long Major, long Minor) Numbers(string path)
    {
        if (!FileStatus.TryGet(path, followLinks: true, out var status, out int error))
            throw EngineException.InvalidParameter($"stat {path}: {Errno.Text(error)}");
        return (status.stx_rdev_major, status.stx_rdev_minor);
    }

    private static void Collect(string folder, string target, string permissions, List<HostDevice> devices, bool top, ref int room)
    {
        foreach (string path in Directory.EnumerateFileSystemEntries(folder, "*", s_all))
        {
            Take(ref room);
            string name = Path.GetFileName(path);
            // File systems of their own, and what belongs to the host's console.
            if (top && name is "pts" or "shm" or "fd" or "mqueue" or "console" or ".lxc" or ".lxd-mounts" or ".udev")
                continue;
            if (!FileStatus.TryGet(path, followLinks: false, out var status, out _))
                continue;
            if (status.Type == statx_t.S_IFDIR)
                Collect(path, target + "/" + name, permissions, devices, top: false, ref room);
            else if (Node(target + "/" + name, status) is { } node)
                devices.Add(new HostDevice(node, permissions));
        }
    }

    private static void Take(ref int room)
    {
        if (room-- == 0)
            throw EngineException.InvalidParameter($"too many devices: no more than {MostFiles} files are looked at");
    }

    private static SpecDevice? Node(string path, in statx_t status)
    {
        string? type = status.Type switch
        {
            statx_t.S_IFCHR => "c",
            statx_t.S_IFBLK => "b",
            _ => null,
        };
        if (type is null || OverlayMarks.IsWhiteout(status))
            return null;
        return new SpecDevice
        {
            Path = path,
            Type = type,
            Major = status.stx_rdev_major,
            Minor = status.stx_rdev_minor,
            FileMode = status.stx_mode & 0x1FFu,
            Uid = status.stx_uid,
            Gid = status.stx_gid,
        };
    }

    private static EngineException Missing(string path, string reason)
        => new(ErrorKind.System, $"error gathering device information while adding custom device \"{path}\": {reason}");
}
