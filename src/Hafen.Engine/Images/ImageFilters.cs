using Hafen.Api;
using Hafen.Images;
using Hafen.Oci.Images;

namespace Hafen.Engine.Images;

/// <summary>The filters of image lists and prunes.</summary>
internal static class ImageFilters
{
    /// <summary>Whether the labels have every wanted and none of the unwanted.</summary>
    public static bool MatchesLabels(FilterSet filters, Image image)
    {
        var labels = image.Config.Config?.Labels;
        if (!filters.MatchesLabels("label", labels))
            return false;
        return !new LabelFilter(filters["label!"]).MatchesAny(labels);
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
                if (one.MatchesLabels("label", labels))
                    return true;
            }
            return false;
        }
    }
}
