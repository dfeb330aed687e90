using Hafen.Engine.State;

namespace Hafen.Engine.Containers;

/// <summary>Events of containers with the attributes Docker gives them: labels, image, name and what belongs to the action.</summary>
internal static class ContainerEvents
{
    public static void Publish(this ContainerEngine engine, Container container, string action)
        => engine.Events.Publish("container", action, container.Id, Attributes(container));

    public static void Publish(this ContainerEngine engine, Container container, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var attributes = Attributes(container);
        foreach (var (name, value) in more) attributes[name] = value;
        engine.Events.Publish("container", action, container.Id, attributes);
    }

    /// <summary>Its volumes are mounted from now on: one event each.</summary>
    public static void PublishVolumesMounted(this ContainerEngine engine, Container container)
    {
        foreach (var mount in Volumes(container))
        {
            engine.Events.Publish("volume", "mount", mount.Name!, new Dictionary<string, string>
            {
                ["container"] = container.Id,
                ["destination"] = mount.Destination,
                ["driver"] = mount.Driver ?? "local",
                ["propagation"] = mount.Propagation ?? "",
                ["read/write"] = mount.Writable ? "true" : "false",
            });
        }
    }

    /// <summary>They are not any more.</summary>
    public static void PublishVolumesUnmounted(this ContainerEngine engine, Container container)
    {
        foreach (var mount in Volumes(container))
        {
            engine.Events.Publish("volume", "unmount", mount.Name!, new Dictionary<string, string>
            {
                ["container"] = container.Id,
                ["driver"] = mount.Driver ?? "local",
            });
        }
    }

    private static IEnumerable<ContainerMount> Volumes(Container container) => container.Record.Mounts.Where(mount => mount is { Type: "volume", Name: not null });

    private static Dictionary<string, string> Attributes(Container container)
    {
        var record = container.Record;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in record.Config.Labels ?? []) attributes[name] = value;
        if (!string.IsNullOrEmpty(record.Config.Image)) attributes["image"] = record.Config.Image;
        attributes["name"] = record.Name;
        return attributes;
    }
}
