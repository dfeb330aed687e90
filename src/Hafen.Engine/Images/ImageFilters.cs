using Hafen.Api;
using Hafen.Engine.Times;
using Hafen.Images;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>The filters of image lists and prunes.</summary>
internal static class ImageFilters
{
    public static readonly IReadOnlyList<string> List = ["dangling", "label", "label!", "before", "since", "reference", "until"];
    public static readonly IReadOnlyList<string> Prune = ["dangling", "label", "label!", "until"];

    /// <exception cref="EngineException">A name is not among the known ones.</exception>
    public static void Require(FilterSet filters, IReadOnlyList<string> known)
    {
        foreach (string name in filters.Names)
        {
            if (!known.Contains(name, StringComparer.Ordinal)) throw EngineException.InvalidParameter($"invalid filter '{name}'");
        }
    }

    /// <summary>The value of a filter that is a flag; null when it is not given.</summary>
    public static bool? Flag(FilterSet filters, string name)
    {
        var values = filters[name];
        if (values.Count == 0) return null;
        bool yes = values.Any(value => value is "1" or "true");
        bool no = values.Any(value => value is "0" or "false");
        if (yes == no) throw EngineException.InvalidParameter($"invalid filter '{name}=[{string.Join(' ', values)}]'");
        return yes;
    }

    /// <summary>Whether the labels have every wanted and none of the unwanted.</summary>
    public static bool MatchesLabels(FilterSet filters, Image image)
    {
        var labels = image.Config.Config?.Labels;
        if (!filters.MatchesLabels("label", labels)) return false;
        return !filters.Contains("label!") || !new LabelFilter(filters["label!"]).MatchesAny(labels);
    }

    /// <summary>The moment before which an image must have been made; null when that is not asked.</summary>
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

    /// <summary>The names of an image that a <c>reference</c> pattern matches, with or without their tag.</summary>
    public static IReadOnlyList<ImageReference> Matching(IReadOnlyList<string> patterns, Image image)
        => [.. image.Tags.Where(tag => patterns.Any(pattern => GlobPattern.Matches(pattern, tag.Familiar) || GlobPattern.Matches(pattern, tag.FamiliarName)))];

    private readonly struct LabelFilter(IReadOnlyList<string> wanted)
    {
        private readonly IReadOnlyList<string> _wanted = wanted;

        public bool MatchesAny(Dictionary<string, string>? labels)
        {
            foreach (string each in _wanted)
            {
                var one = FilterSet.Empty.With("label", each);
                if (one.MatchesLabels("label", labels)) return true;
            }
            return false;
        }
    }
}
