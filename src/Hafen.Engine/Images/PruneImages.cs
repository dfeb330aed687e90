using Hafen.Api;
using Hafen.Engine.Filters;

namespace Hafen.Engine.Images;

public static class PruneImages
{
    /// <summary>Removes images that no container uses: those without a name or, with <c>dangling=false</c>, all of them.</summary>
    /// <exception cref="EngineException">A filter is unknown or its value malformed.</exception>
    public static ImagesPruneReport Prune(this ImageEngine engine, FilterSet filters)
    {
        FilterRules.Require(filters, "dangling", "label", "label!", "until");
        bool danglingOnly = FilterRules.Flag(filters, "dangling") ?? true;
        var until = FilterRules.Until(filters, TimeProvider.System);
        var used = engine.Uses().Select(use => use.Image).ToHashSet();
        long before = engine.LayersSize(engine.Store.List());

        var removed = new List<ImageDeleteResponse>();
        foreach (var image in engine.Store.List())
        {
            if (used.Contains(image.Id)) continue;
            if (danglingOnly && !ImageTags.IsDangling(image)) continue;
            if (until is not null && !(image.Config.Created < until)) continue;
            if (!ImageFilters.MatchesLabels(filters, image)) continue;
            // Others remove, name and use images meanwhile: what an image is called and who uses it is asked when it goes.
            removed.AddRange(engine.Tell(image, engine.Store.RemoveIf(
                image.Id, now => (!danglingOnly || ImageTags.IsDangling(now)) && engine.Uses().All(use => use.Image != now.Id))));
        }

        long gained = Math.Max(0, before - engine.LayersSize(engine.Store.List()));
        engine.PublishPrune((ulong)gained);
        return new ImagesPruneReport { ImagesDeleted = removed.Count > 0 ? [.. removed] : null, SpaceReclaimed = (ulong)gained };
    }
}
