using Hafen.Api;

namespace Hafen.Engine.Events;

/// <summary>Which events a client asked for.</summary>
public static class EventFilter
{
    private static readonly string[] s_known =
        ["type", "event", "container", "image", "label", "volume", "network", "daemon", "scope", "plugin", "service", "node", "secret", "config"];

    /// <exception cref="EngineException">A filter's name is unknown.</exception>
    public static void Validate(FilterSet filters)
    {
        foreach (string name in filters.Names)
            if (!s_known.Contains(name, StringComparer.Ordinal)) throw EngineException.InvalidParameter($"invalid filter '{name}'");
    }

    public static bool Matches(FilterSet filters, EventMessage message)
    {
        if (filters.IsEmpty) return true;
        return filters.Matches("type", message.Type)
            && MatchesAction(filters, message.Action)
            && filters.Matches("scope", message.Scope ?? "")
            && MatchesActor(filters, message, "container", "container")
            && MatchesActor(filters, message, "volume", "volume")
            && MatchesActor(filters, message, "network", "network")
            && MatchesActor(filters, message, "daemon", "daemon")
            && MatchesActor(filters, message, "plugin", "plugin")
            && MatchesActor(filters, message, "service", "service")
            && MatchesActor(filters, message, "node", "node")
            && MatchesActor(filters, message, "secret", "secret")
            && MatchesActor(filters, message, "config", "config")
            && MatchesImage(filters, message)
            && filters.MatchesLabels("label", message.Actor.Attributes);
    }

    /// <summary><c>exec_create</c> stands for <c>exec_create: sh -c …</c> too.</summary>
    private static bool MatchesAction(FilterSet filters, string action)
    {
        if (!filters.Contains("event")) return true;
        int colon = action.IndexOf(':', StringComparison.Ordinal);
        string word = colon < 0 ? action : action[..colon];
        foreach (string wanted in filters["event"])
            if (wanted == action || wanted == word) return true;
        return false;
    }

    private static bool MatchesActor(FilterSet filters, EventMessage message, string filter, string type)
    {
        if (!filters.Contains(filter)) return true;
        if (message.Type != type) return false;
        message.Actor.Attributes.TryGetValue("name", out string? name);
        foreach (string wanted in filters[filter])
        {
            if (message.Actor.ID.StartsWith(wanted, StringComparison.Ordinal)) return true;
            if (name is not null && name.StartsWith(wanted, StringComparison.Ordinal)) return true;
        }
        return false;
    }

    private static bool MatchesImage(FilterSet filters, EventMessage message)
    {
        if (!filters.Contains("image")) return true;
        string? name = message.Type switch
        {
            "image" => message.Actor.Attributes.GetValueOrDefault("name") ?? message.Actor.ID,
            "container" => message.Actor.Attributes.GetValueOrDefault("image"),
            _ => null,
        };
        if (name is null) return false;
        foreach (string wanted in filters["image"])
        {
            if (wanted == name || wanted == WithoutTag(name)) return true;
            if (message.Type == "image" && (message.Actor.ID == wanted || message.Actor.ID == "sha256:" + wanted)) return true;
        }
        return false;
    }

    private static string WithoutTag(string name)
    {
        int at = name.IndexOf('@', StringComparison.Ordinal);
        if (at >= 0) return name[..at];
        int colon = name.LastIndexOf(':');
        return colon > name.LastIndexOf('/') ? name[..colon] : name;
    }
}
