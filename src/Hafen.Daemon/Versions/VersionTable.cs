using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Hafen.Api;

namespace Hafen.Daemon.Versions;

/// <summary>Rules by type. They are applied in the table's order.</summary>
internal sealed class VersionTable(IEnumerable<VersionRule> rules)
{
    private readonly FrozenDictionary<Type, VersionRule[]> _rules = rules.GroupBy(rule => rule.Type).ToFrozenDictionary(group => group.Key, group => group.ToArray());

    /// <summary>The body as a client of this version means it or is to see it.</summary>
    public T Adapt<T>(T body, ApiVersion version) where T : class
    {
        if (!_rules.TryGetValue(typeof(T), out var rules))
            return body;
        foreach (var rule in rules)
        {
            if (rule is ChangeRule<T> change && change.HoldsFor(version))
                body = change.Change(body);
        }
        return body;
    }

    /// <summary>Whether a client of this version sees members that the type does not have.</summary>
    public bool AddsMembers<T>(ApiVersion version)
        => _rules.TryGetValue(typeof(T), out var rules) && rules.Any(rule => rule is MemberRule && rule.HoldsFor(version));

    /// <summary>Adds those members.</summary>
    public void AddMembers<T>(JsonObject body, ApiVersion version)
    {
        foreach (var rule in _rules[typeof(T)])
        {
            if (rule is MemberRule members && members.HoldsFor(version))
                members.Add(body);
        }
    }
}
