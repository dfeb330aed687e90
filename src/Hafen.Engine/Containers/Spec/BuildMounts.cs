using Hafen.Engine.Containers.Create;
using Hafen.Engine.State;
using Hafen.Oci.Runtime;

namespace Hafen.Engine.Containers.Spec;

/// <summary>The mounts of a container: the kernel's file systems, then the network files and what the request mounts, parents before children. Pure.</summary>
internal static class BuildMounts
{
    public static SpecMount[] Build(SpecInputs inputs, bool withInit)
    {
        var host = inputs.Record.HostConfig;
        var own = inputs.Record.Mounts;
        var taken = new HashSet<string>(own.Select(m => m.Destination), StringComparer.Ordinal);

        var mounts = new List<SpecMount>();
        foreach (var mount in KernelFileSystems(inputs))
        {
            // What the request mounts at one of these places replaces it; a /dev of its own replaces all of /dev.
            if (taken.Contains(mount.Destination))
                continue;
            if (taken.Contains("/dev") && mount.Destination.StartsWith("/dev/", StringComparison.Ordinal))
                continue;
            mounts.Add(mount);
        }
        var above = new List<SpecMount>(own.Length + 4);
        foreach (var (source, destination) in new[]
                 {
                     (inputs.ResolvConfPath, "/etc/resolv.conf"), (inputs.HostnamePath, "/etc/hostname"), (inputs.HostsPath, "/etc/hosts"),
                 })
        {
            if (source is null || taken.Contains(destination))
                continue;
            string[] options = host.ReadonlyRootfs ? ["rbind", "ro", MountMode.DefaultPropagation] : ["rbind", MountMode.DefaultPropagation];
            above.Add(new SpecMount { Destination = destination, Type = "bind", Source = source, Options = options });
        }
        if (withInit)
        {
            above.Add(new SpecMount
            {
                Destination = BuildRuntimeSpec.InitDestination,
                Type = "bind",
                Source = inputs.Options.InitPath,
                Options = ["bind", "ro"],
            });
        }
        foreach (var mount in own)
            above.Add(Requested(mount, inputs));
        // A volume on /etc lies below our hosts file, not over it. The order of equals stays.
        return [.. mounts, .. above.OrderBy(static mount => Depth(mount.Destination))];
    }

    /// <summary>How many folders deep a path lies; a volume of an image may have a relative one, which is one below the root.</summary>
    public static int Depth(string path) => path.Count(static c => c == '/') + (path.StartsWith('/') ? 0 : 1);

    /// <summary>The propagation of the root that the mounts of the request need; null for the default.</summary>
    public static string? RootPropagation(IEnumerable<ContainerMount> mounts)
    {
        string? result = null;
        foreach (var mount in mounts)
        {
            if (mount.Propagation is "shared" or "rshared")
                return "shared";
            if (mount.Propagation is "slave" or "rslave")
                result = "rslave";
        }
        return result;
    }

    private static IEnumerable<SpecMount> KernelFileSystems(SpecInputs inputs)
    {
        var host = inputs.Record.HostConfig;
        bool writable = host.Privileged;
        yield return Mount("/proc", "proc", "proc", "nosuid", "noexec", "nodev");
        yield return Mount("/dev", "tmpfs", "tmpfs", "nosuid", "strictatime", "mode=755", "size=65536k");
        yield return Mount("/dev/pts", "devpts", "devpts", "nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5");
        yield return writable
            ? Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev")
            : Mount("/sys", "sysfs", "sysfs", "nosuid", "noexec", "nodev", "ro");
        yield return writable || inputs.Security.WritableCgroups
            ? Mount("/sys/fs/cgroup", "cgroup", "cgroup", "nosuid", "noexec", "nodev", "rw")
            : Mount("/sys/fs/cgroup", "cgroup", "cgroup", "ro", "nosuid", "noexec", "nodev");
        yield return Mount("/dev/mqueue", "mqueue", "mqueue", "nosuid", "noexec", "nodev");
        switch (host.IpcMode)
        {
            case NamespaceMode.None:
                break;
            case var _ when inputs.SharedMemoryPath is { } shared:
                yield return new SpecMount { Destination = "/dev/shm", Type = "bind", Source = shared, Options = ["rbind", MountMode.DefaultPropagation] };
                break;
            default:
                yield return Mount("/dev/shm", "tmpfs", "shm", "nosuid", "noexec", "nodev", "mode=1777", $"size={host.ShmSize}");
                break;
        }
    }

    private static SpecMount Requested(ContainerMount mount, SpecInputs inputs)
    {
        if (mount.Type == "tmpfs")
        {
            return new SpecMount
            {
                Destination = CleanPath.Rooted(mount.Destination),
                Type = "tmpfs",
                Source = "tmpfs",
                // Of two words for the propagation the later one counts.
                Options = [MountMode.DefaultPropagation, .. (mount.TmpfsOptions ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)],
            };
        }
        string source = mount.Type == "volume" && inputs.VolumePaths.TryGetValue(mount.Name!, out string? path) ? path : mount.Source!;
        var options = new List<string> { mount.NonRecursive ? "bind" : "rbind" };
        if (!string.IsNullOrEmpty(mount.Subpath))
        {
            // A link that some container has put into the volume must not lead out of it.
            options.Add("beneath=" + source);
            source = Path.Combine(source, mount.Subpath);
        }
        if (!mount.Writable)
        {
            options.Add("ro");
            // Since 25.0 Docker makes the whole tree read-only where the kernel can.
            bool recursive = !mount.NonRecursive && !mount.ReadOnlyNonRecursive && (mount.ReadOnlyForceRecursive || inputs.Host.RecursiveReadOnly);
            if (recursive)
                options.Add("rro");
        }
        options.Add(mount.Propagation ?? MountMode.DefaultPropagation);
        return new SpecMount { Destination = CleanPath.Rooted(mount.Destination), Type = "bind", Source = source, Options = [.. options] };
    }

    private static SpecMount Mount(string destination, string type, string source, params string[] options)
        => new() { Destination = destination, Type = type, Source = source, Options = options };
}
