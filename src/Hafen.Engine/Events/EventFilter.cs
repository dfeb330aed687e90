using Hafen.Api;

namespace Hafen.Engine.Events;

/// <summary>
/// Which events a client asked for, by Docker's rules. A filter that is not known here matches everything, and so does one without a value: what a newer
/// client asks for narrows nothing.
/// </summary>
public static class EventFilter
{
    /// <summary>Types of objects: a filter of such a name holds beginnings of IDs and names.</summary>
    private static readonly string[] s_objects = ["daemon", "container", "plugin", "volume", "network", "service", "node", "secret", "config"];

    /// <summary>Actions with a command behind them: when one of these is asked for, all are compared by their beginnings.</summary>
    private static readonly string[] s_open = ["health_status", "exec_create", "exec_start"];

    public static bool Matches(FilterSet filters, EventMessage message)
    {
        if (filters.IsEmpty)
            return true;
        return MatchesAction(filters["event"], message.Action)
            && IsOneOf(filters["type"], message.Type)
            && IsOneOf(filters["scope"], message.Scope ?? "")
            && MatchesObjects(filters, message)
            && MatchesImage(filters["image"], message)
            && filters.MatchesLabels("label", message.Actor.Attributes);
    }

    private static bool IsOneOf(IReadOnlyList<string> wanted, string actual) => wanted.Count == 0 || wanted.Contains(actual, StringComparer.Ordinal);

    private static bool BeginsWithOneOf(IReadOnlyList<string> wanted, string actual)
        => wanted.Count == 0 || wanted.Any(beginning => actual.StartsWith(beginning, StringComparison.Ordinal));

    private static bool MatchesAction(IReadOnlyList<string> wanted, string action)
        => wanted.Any(s_open.Contains) ? BeginsWithOneOf(wanted, action) : IsOneOf(wanted, action);

    /// <summary>Every event is asked, whatever its type: a network's event is not that of a container, unless its ID begins alike.</summary>
    private static bool MatchesObjects(FilterSet filters, EventMessage message)
    {
        string name = message.Actor.Attributes.GetValueOrDefault("name") ?? "";
        foreach (string kind in s_objects)
        {
            var wanted = filters[kind];
            if (!BeginsWithOneOf(wanted, message.Actor.ID) && !BeginsWithOneOf(wanted, name))
                return false;
        }
        return true;
    }

    /// <summary>An image's own events and those of the containers made of it, by ID or name, with or without tag.</summary>
    private static bool MatchesImage(IReadOnlyList<string> wanted, EventMessage message)
    {
        string name = message.Actor.Attributes.GetValueOrDefault(message.Type == "image" ? "name" : "image") ?? "";
        return IsOneOf(wanted, message.Actor.ID) || IsOneOf(wanted, name) || IsOneOf(wanted, WithoutTag(message.Actor.ID)) || IsOneOf(wanted, WithoutTag(name));
    }

    private static string WithoutTag(string name)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0)
            return name[..at];
        int colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
