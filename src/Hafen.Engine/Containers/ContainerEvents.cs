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
