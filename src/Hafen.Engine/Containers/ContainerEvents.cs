using Hafen.Engine.Events;
using Hafen.Engine.State;
using Hafen.Networking;
using Hafen.Volumes.Drivers;

namespace Hafen.Engine.Containers;

/// <summary>Events of containers with the attributes Docker gives them: labels, image, name and what belongs to the action.</summary>
internal sealed class ContainerEvents(EventStream events, INetworks networks)
{
    public void Publish(Container container, string action)
        => events.Publish("container", action, container.Id, Attributes(container));

    public void Publish(Container container, string action, params ReadOnlySpan<(string Name, string Value)> more)
    {
        var attributes = Attributes(container);
        foreach (var (name, value) in more)
            attributes[name] = value;
        events.Publish("container", action, container.Id, attributes);
    }

    /// <summary>Its volumes are mounted from now on: one event each.</summary>
    public void PublishVolumesMounted(Container container)
    {
        foreach (var mount in Volumes(container))
        {
            events.Publish("volume", "mount", mount.Name!, new Dictionary<string, string>
            {
                ["container"] = container.Id,
                ["destination"] = mount.Destination,
                ["driver"] = mount.Driver ?? VolumeDrivers.DefaultName,
                ["propagation"] = mount.Propagation ?? "",
                ["read/write"] = mount.Writable ? "true" : "false",
            });
        }
    }

    /// <summary>They are not any more.</summary>
    public void PublishVolumesUnmounted(Container container)
    {
        foreach (var mount in Volumes(container))
        {
            events.Publish("volume", "unmount", mount.Name!, new Dictionary<string, string>
            {
                ["container"] = container.Id,
                ["driver"] = mount.Driver ?? VolumeDrivers.DefaultName,
            });
        }
    }

    /// <summary>Network events of a container, one a network.</summary>
    public void PublishNetworks(Container container, string action, IReadOnlyList<Endpoint>? endpoints)
    {
        foreach (var endpoint in endpoints ?? [])
        {
            string driver = networks.Find(endpoint.NetworkId)?.Driver ?? "";
            events.Publish("network", action, endpoint.NetworkId, new Dictionary<string, string>
            {
                ["container"] = container.Id,
                ["name"] = endpoint.NetworkName,
                ["type"] = driver,
            });
        }
    }

    private static IEnumerable<ContainerMount> Volumes(Container container) => container.Record.Mounts.Where(mount => mount is { Type: "volume", Name: not null });

    private static Dictionary<string, string> Attributes(Container container)
    {
        var record = container.Record;
        var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in record.Config.Labels ?? [])
            attributes[name] = value;
        if (!string.IsNullOrEmpty(record.Config.Image))
            attributes["image"] = record.Config.Image;
        attributes["name"] = record.Name;
        return attributes;
    }
}
