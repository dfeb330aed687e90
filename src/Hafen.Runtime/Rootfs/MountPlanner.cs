using Hafen.Errors;
using Hafen.Linux.Mounts;
using Hafen.Oci.Runtime;
using Hafen.Runtime.Errors;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Rootfs;

/// <summary>What the mounts of a container depend on besides the mounts themselves.</summary>
internal sealed record MountSurroundings
{
    /// <summary>Folder that relative sources start from.</summary>
    public required string Bundle { get; init; }

    /// <summary>Propagation that bind mounts get when they do not say: the root's, else slave (runtime-spec leaves it open; runc's choice).</summary>
    public ulong DefaultPropagation { get; init; } = MountFlags.MS_SLAVE;

    /// <summary>How the host's cgroups look, for mounts of type cgroup; null without such a mount.</summary>
    public CgroupView? Cgroups { get; init; }

    /// <summary>The pid namespace that procfs is to show when the process is not in it yet; null otherwise.</summary>
    public NamespaceHandle? PidNamespace { get; init; }
}

/// <summary>From a specification's mounts to steps. Pure: nothing is looked up.</summary>
internal static class MountPlanner
{
    /// <exception cref="RuntimeException">InvalidArgument: the mount is refused.</exception>
    public static void Add(List<PlannedStep> steps, SpecMount mount, MountSurroundings surroundings)
    {
        var options = MountOptions.Parse(mount.Options);
        string destination = ContainerPath.Clean(mount.Destination);
        string type = mount.Type ?? (options.Bind ? "bind" : "none");
        bool bind = options.Bind || type == "bind";
        Check(mount, options, destination, type, bind);

        if (bind)
        {
            steps.Add(Bind(mount, options, destination, surroundings));
        }
        else if (type is "cgroup" or "cgroup2")
        {
            CgroupMounts.Add(steps, destination, options, surroundings.Cgroups
                ?? throw Refused(mount, "the host's cgroups are not known"));
        }
        else
        {
            steps.Add(FileSystem(mount, options, destination, type, surroundings));
        }
    }

    /// <summary>Steps that make tmpfs mounts and /dev read-only once everything inside them is made.</summary>
    public static void AddLate(List<PlannedStep> steps, SpecMount mount)
    {
        var options = MountOptions.Parse(mount.Options);
        if (!options.Readonly || !IsLateReadonly(mount, options))
            return;
        string destination = ContainerPath.Clean(mount.Destination);
        steps.Add(new PlannedStep(StepCode.MakeReadonly, $"make {destination} read-only") { Text = destination });
    }

    /// <summary>A mount of the request's own root, on a path of the host.</summary>
    public static PlannedStep AtHost(SpecMount mount, string path, string bundle, bool overlayByMount)
    {
        var options = MountOptions.Parse(mount.Options);
        string type = mount.Type ?? (options.Bind ? "bind" : "none");
        if (options.Refused is { } refused)
            throw Refused(mount, $"mount option {refused} is not supported");
        string stage = $"mount {type} at {path}";
        if (options.Bind || type == "bind")
            return new PlannedStep(StepCode.AttachAtHost, stage) { Text = path, Handle = Source(mount, options, bundle, MountFlags.MS_PRIVATE) };
        if (type == "overlay")
        {
            return new PlannedStep(StepCode.OverlayAtHost, stage)
            {
                Text = path,
                Strings = OverlayParameters.From(mount.Source, options.Parameters),
                Value = (long)options.Set,
                Other = overlayByMount ? 1 : 0,
            };
        }
        return new PlannedStep(StepCode.FileSystemAtHost, stage)
        {
            Text = path,
            Second = type,
            Strings = Parameters(mount.Source ?? type, options.Parameters),
            Value = (long)options.Set,
        };
    }

    /// <summary>Key, value, key, value …, the source first.</summary>
    public static string?[] Parameters(string source, IReadOnlyList<(string Key, string? Value)> parameters)
    {
        string?[] strings = new string?[2 + parameters.Count * 2];
        strings[0] = "source";
        strings[1] = source;
        for (int i = 0; i < parameters.Count; i++)
            (strings[2 + i * 2], strings[3 + i * 2]) = parameters[i];
        return strings;
    }

    private static void Check(SpecMount mount, MountOptions options, string destination, string type, bool bind)
    {
        if (options.Refused is { } refused)
            throw Refused(mount, $"mount option {refused} is not supported");
        if (mount.UidMappings is { Length: > 0 } || mount.GidMappings is { Length: > 0 })
            throw Refused(mount, "id-mapped mounts are not supported");
        if (destination == "/")
            throw Refused(mount, "a mount over the container's root is not supported");
        if (ProcMountRule.Refusal(destination, type, bind) is { } reason)
            throw Refused(mount, reason);
        if (bind && string.IsNullOrEmpty(mount.Source))
            throw Refused(mount, "a bind mount needs a source");
        if (options.Beneath is { } folder && !(bind && mount.Source!.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal)))
            throw Refused(mount, $"the source does not lie beneath {folder}");
    }

    private static PlannedStep Bind(SpecMount mount, MountOptions options, string destination, MountSurroundings surroundings)
    {
        var rule = destination == "/proc" ? AttachRule.MustBeProcfs : AttachRule.None;
        if (ProcMountRule.MayLieInProcfs(destination))
            rule |= AttachRule.MayLieInProcfs;
        return new PlannedStep(StepCode.Attach, $"error mounting \"{mount.Source}\" to rootfs at \"{destination}\"")
        {
            Handle = Source(mount, IsLateReadonly(mount, options) ? options.WithoutReadonly() : options, surroundings.Bundle, surroundings.DefaultPropagation),
            Text = destination,
            Value = (long)rule,
        };
    }

    private static BindHandle Source(SpecMount mount, MountOptions options, string bundle, ulong defaultPropagation) =>
        new(Path.Combine(bundle, mount.Source!), options.Recursive)
        {
            Beneath = options.Beneath,
            Set = options.Set,
            Clear = options.Clear,
            RecursiveSet = options.RecursiveSet,
            RecursiveClear = options.RecursiveClear,
            Propagation = options.Propagation != 0 ? options.Propagation : defaultPropagation,
            RecursivePropagation = options.Propagation == 0 || options.RecursivePropagation,
        };

    private static PlannedStep FileSystem(SpecMount mount, MountOptions options, string destination, string type, MountSurroundings surroundings)
    {
        var rules = FileSystemRule.None;
        if (type is "proc" or "sysfs")
            rules |= FileSystemRule.NoLink;
        if (type == "tmpfs" && !options.Parameters.Exists(parameter => parameter.Key == "mode"))
            rules |= FileSystemRule.KeepMode;
        if (options.CopyUp && type == "tmpfs")
            rules |= FileSystemRule.CopyUp;
        if (ProcMountRule.MayLieInProcfs(destination))
            rules |= FileSystemRule.MayLieInProcfs;
        ulong set = options.Set;
        if (IsLateReadonly(mount, options))
            set &= ~mount_attr.MOUNT_ATTR_RDONLY;
        return new PlannedStep(StepCode.NewFileSystem, $"error mounting \"{mount.Source ?? type}\" to rootfs at \"{destination}\"")
        {
            Text = destination,
            Second = type,
            Strings = Parameters(mount.Source ?? type, options.Parameters),
            Value = (long)set,
            Other = (long)options.Propagation,
            Number = (int)rules,
            Handle = type == "proc" && surroundings.PidNamespace is { } pids ? new ProcContextHandle(pids.Path) : null,
        };
    }

    /// <summary>Mount points are still to be made in a tmpfs and in /dev; they become read-only at the end.</summary>
    private static bool IsLateReadonly(SpecMount mount, MountOptions options) =>
        options.Readonly && (mount.Type == "tmpfs" || ContainerPath.Clean(mount.Destination) == "/dev");

    private static RuntimeException Refused(SpecMount mount, string reason) =>
        new(ErrorKind.InvalidParameter, $"mount {mount.Destination}", $"mount {mount.Destination}: {reason}");
}
