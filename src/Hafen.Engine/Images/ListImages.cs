using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Filters;
using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>What a client wants to see of the images.</summary>
public sealed record ListImagesRequest
{
    public FilterSet Filters { get; init; } = FilterSet.Empty;

    /// <summary>Count the bytes each image shares with others.</summary>
    public bool SharedSize { get; init; }
}

/// <summary>Lists images, the newest first.</summary>
public sealed class ListImages(IImageStore images, FindImage find, ImageLayers layers, ContainerUses containers, TimeProvider time)
{
    /// <returns>The images that pass the filters.</returns>
    /// <exception cref="EngineException">A filter is unknown or its value malformed; an image it names is not there.</exception>
    public ImageSummary[] Run(ListImagesRequest request)
    {
        var filters = request.Filters;
        FilterRules.Require(filters, "dangling", "label", "label!", "before", "since", "reference", "until");
        bool? dangling = FilterRules.Flag(filters, "dangling");
        var until = Earliest([.. filters["before"].Select(Created), FilterRules.Until(filters, time)]);
        var since = Latest([.. filters["since"].Select(Created)]);
        var uses = containers.OfImages().CountBy(use => use.Image).ToDictionary();
        var all = images.List();
        var shared = request.SharedSize ? layers.Shared(all) : null;

        var found = new List<ImageSummary>();
        foreach (var image in all)
        {
            if (until is not null && !(image.Config.Created < until))
                continue;
            if (since is not null && !(image.Config.Created > since))
                continue;
            if (dangling is { } wanted && wanted != ImageTags.IsDangling(image))
                continue;
            if (!ImageFilters.MatchesLabels(filters, image))
                continue;
            var tags = image.Tags;
            var digests = image.RepoDigests;
            if (filters["reference"].Count > 0)
            {
                tags = ImageFilters.Matching(filters["reference"], image);
                if (tags.Count == 0)
                    continue;
                digests = [.. digests.Where(digest => tags.Any(tag => digest.StartsWith(tag.FamiliarName + "@", StringComparison.Ordinal)))];
            }
            found.Add(new ImageSummary
            {
                Id = image.Id.ToString(),
                ParentId = image.Config.Parent,
                RepoTags = [.. tags.Select(tag => tag.Familiar)],
                RepoDigests = [.. digests],
                Created = image.Config.Created?.ToUnixTimeSeconds() ?? 0,
                Size = image.Size,
                SharedSize = shared is null ? -1 : layers.Chain(image).Where(shared.Contains).Sum(layers.Size),
                Labels = image.Config.Config?.Labels,
                Containers = uses.GetValueOrDefault(image.Id),
            });
        }
        return [.. found.OrderByDescending(image => image.Created).ThenBy(image => image.Id, StringComparer.Ordinal)];
    }

    private DateTimeOffset? Created(string reference) => find.Run(reference).Config.Created;

    private static DateTimeOffset? Earliest(DateTimeOffset?[] times) => times.Where(time => time is not null).Min();

    private static DateTimeOffset? Latest(DateTimeOffset?[] times) => times.Where(time => time is not null).Max();
}
