using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Filters;
using Hafen.Images;

namespace Hafen.Engine.Images;

/// <summary>Removes images that no container uses: those without a name or, with <c>dangling=false</c>, all of them.</summary>
public sealed class PruneImages(
    IImageStore images, ImageLayers layers, ContainerUses containers, ReportRemovals report, ImageEvents events, TimeProvider time)
{
    /// <param name="filters"><c>dangling</c>, <c>label</c>, <c>label!</c>, <c>until</c>.</param>
    /// <exception cref="EngineException">A filter is unknown or its value malformed.</exception>
    public ImagesPruneReport Run(FilterSet filters)
    {
        FilterRules.Require(filters, "dangling", "label", "label!", "until");
        bool danglingOnly = FilterRules.Flag(filters, "dangling") ?? true;
        var until = FilterRules.Until(filters, time);
        var used = containers.OfImages().Select(use => use.Image).ToHashSet();
        long before = layers.TotalSize(images.List());

        var removed = new List<ImageDeleteResponse>();
        foreach (var image in images.List())
        {
            if (used.Contains(image.Id))
                continue;
            if (danglingOnly && !ImageTags.IsDangling(image))
                continue;
            if (until is not null && !(image.Config.Created < until))
                continue;
            if (!ImageFilters.MatchesLabels(filters, image))
                continue;
            // Others remove, name and use images meanwhile: what an image is called and who uses it is asked when it goes.
            removed.AddRange(report.Run(image, images.RemoveIf(
                image.Id, now => (!danglingOnly || ImageTags.IsDangling(now)) && containers.OfImages().All(use => use.Image != now.Id))));
        }

        long gained = Math.Max(0, before - layers.TotalSize(images.List()));
        events.PublishPrune(gained);
        return new ImagesPruneReport { ImagesDeleted = removed.Count > 0 ? [.. removed] : null, SpaceReclaimed = (ulong)gained };
    }
}
