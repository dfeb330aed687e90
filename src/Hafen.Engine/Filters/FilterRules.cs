using System.Text.RegularExpressions;
using Hafen.Api;
using Hafen.Engine.Times;

namespace Hafen.Engine.Filters;

/// <summary>The rules that the filters of all lists and prunes have in common.</summary>
internal static class FilterRules
{
    /// <exception cref="EngineException">A name is not among the known ones.</exception>
    public static void Require(FilterSet filters, params ReadOnlySpan<string> known)
    {
        foreach (string name in filters.Names)
        {
            if (!known.Contains(name))
                throw EngineException.InvalidParameter($"invalid filter '{name}'");
        }
    }

    /// <summary>The value of a filter that is a flag; null when it is not given.</summary>
    /// <exception cref="EngineException">It says neither yes nor no, or both.</exception>
    public static bool? Flag(FilterSet filters, string name)
    {
        if (!filters.Contains(name))
            return null;
        var values = filters[name];
        if (values.Count == 0)
            throw EngineException.InvalidParameter($"invalid filter '{name}'");
        bool yes = values.Any(value => value is "1" or "true");
        bool no = values.Any(value => value is "0" or "false");
        if (yes == no)
            throw EngineException.InvalidParameter($"invalid filter '{name}=[{string.Join(' ', values)}]'");
        return yes;
    }

    /// <summary>The moment before which something must have been made; null when that is not asked.</summary>
    /// <exception cref="EngineException">There is more than one, or it is no time.</exception>
    public static DateTimeOffset? Until(FilterSet filters, TimeProvider time)
    {
        var values = filters["until"];
        return values.Count switch
        {
            0 => null,
            1 => ApiTimestamp.Parse(values[0], time.GetUtcNow()),
            _ => throw EngineException.InvalidParameter("more than one until filter specified"),
        };
    }

    /// <summary>Whether the labels have all that <c>label</c> wants, and not all that <c>label!</c> does not.</summary>
    public static bool MatchesLabels(FilterSet filters, IReadOnlyDictionary<string, string>? labels)
        => filters.MatchesLabels("label", labels) && (filters["label!"].Count == 0 || !filters.MatchesLabels("label!", labels));

    /// <summary>Asks whether a text is one of a filter's values or is matched by one as a regular expression; what is none matches itself alone.</summary>
    public static Func<string, bool> Patterns(FilterSet filters, string name)
    {
        var values = filters[name];
        if (values.Count == 0)
            return static _ => true;
        Regex?[] patterns = [.. values.Select(Pattern)];
        return actual => values.Contains(actual, StringComparer.Ordinal) || patterns.Any(pattern => pattern?.IsMatch(actual) ?? false);
    }

    /// <summary>A pattern as Go reads it, in linear time; null when it is none.</summary>
    public static Regex? Pattern(string text)
    {
        try
        {
            return new Regex(text, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception exception) when (exception is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }
}
