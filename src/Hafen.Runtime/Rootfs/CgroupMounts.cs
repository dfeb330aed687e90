using Hafen.Linux.Mounts;
using Hafen.Runtime.Init;

namespace Hafen.Runtime.Rootfs;

/// <summary>The host's cgroup hierarchies, and where the container stands in them.</summary>
/// <param name="Unified">Pure cgroup v2.</param>
/// <param name="OwnNamespace">Whether the container has a cgroup namespace of its own.</param>
/// <param name="Hierarchies">The v1 hierarchies, or the one of v2.</param>
internal sealed record CgroupView(bool Unified, bool OwnNamespace, IReadOnlyList<CgroupPlace> Hierarchies);

/// <param name="Name">Last component of the mount point: <c>cpu,cpuacct</c>.</param>
/// <param name="Label">Controllers joined by commas, or <c>name=systemd</c>.</param>
/// <param name="Directory">The container's own cgroup as a path of the host.</param>
internal sealed record CgroupPlace(string Name, string Label, string Directory);

/// <summary>
/// Mounts of type cgroup. v2: a cgroup2 mount. v1: a tmpfs with one mount a hierarchy, which in a cgroup namespace is a mount of the hierarchy and
/// otherwise a bind mount of the container's own directory.
/// </summary>
internal static class CgroupMounts
{
    private const ulong Attributes = mount_attr.MOUNT_ATTR_NOSUID | mount_attr.MOUNT_ATTR_NODEV | mount_attr.MOUNT_ATTR_NOEXEC;

    public static void Add(List<PlannedStep> steps, string destination, MountOptions options, CgroupView view)
    {
        string stage = $"error mounting \"cgroup\" to rootfs at \"{destination}\"";
        if (view.Unified)
        {
            steps.Add(new PlannedStep(StepCode.NewFileSystem, stage)
            {
                Text = destination,
                Second = "cgroup2",
                Strings = ["source", "cgroup"],
                Value = (long)options.Set,
                Other = (long)options.Propagation,
            });
            return;
        }

        steps.Add(new PlannedStep(StepCode.NewFileSystem, stage)
        {
            Text = destination,
            Second = "tmpfs",
            Strings = ["source", "tmpfs", "mode", "755"],
            Value = (long)Attributes,
            Other = (long)options.Propagation,
        });
        foreach (var place in view.Hierarchies)
            steps.Add(view.OwnNamespace ? Mount(destination, options, place, stage) : Bind(destination, options, place, stage));
        foreach (var place in view.Hierarchies)
        {
            if (!place.Name.Contains(','))
                continue;
            foreach (string controller in place.Name.Split(','))
                steps.Add(new PlannedStep(StepCode.MakeLink, stage) { Text = $"{destination}/{controller}", Second = place.Name });
        }

        if (options.Readonly)
            steps.Add(new PlannedStep(StepCode.MakeReadonly, stage) { Text = destination });
    }

    private static PlannedStep Mount(string destination, MountOptions options, CgroupPlace place, string stage)
    {
        var parameters = new List<(string, string?)>();
        if (place.Label.StartsWith("name=", StringComparison.Ordinal))
        {
            parameters.Add(("name", place.Label[5..]));
        }
        else
        {
            foreach (string controller in place.Label.Split(','))
                parameters.Add((controller, null));
        }
        return new PlannedStep(StepCode.NewFileSystem, stage)
        {
            Text = $"{destination}/{place.Name}",
            Second = "cgroup",
            Strings = MountPlanner.Parameters(place.Name == "systemd" ? "systemd" : "cgroup", parameters),
            Value = (long)(Attributes | options.Set),
            Other = (long)options.Propagation,
        };
    }

    private static PlannedStep Bind(string destination, MountOptions options, CgroupPlace place, string stage) =>
        new(StepCode.Attach, stage)
        {
            Text = $"{destination}/{place.Name}",
            Handle = new BindHandle(place.Directory, Recursive: false)
            {
                Set = Attributes | options.Set,
                Propagation = options.Propagation != 0 ? options.Propagation : MountFlags.MS_PRIVATE,
            },
        };
}
