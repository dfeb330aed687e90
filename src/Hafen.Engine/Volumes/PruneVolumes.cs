using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Filters;
using Hafen.Errors;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>Removes volumes no container uses: anonymous ones or, with the filter <c>all</c>, any.</summary>
public sealed class PruneVolumes(IVolumes volumes, ContainerUses containers, VolumeEvents events)
{
    /// <param name="filters"><c>label</c>, <c>label!</c>, <c>all</c>.</param>
    /// <param name="anonymousOnly">What is meant when the filter <c>all</c> is absent; clients before API 1.42 mean all.</param>
    /// <param name="cancellationToken">The caller leaves; what was begun goes on.</param>
    /// <exception cref="EngineException">A filter is unknown or its value malformed.</exception>
    public async Task<VolumesPruneReport> RunAsync(FilterSet filters, bool anonymousOnly, CancellationToken cancellationToken)
    {
        FilterRules.Require(filters, "label", "label!", "all");
        if (All(filters["all"]) is { } all)
            anonymousOnly = !all;
        var removed = new List<string>();
        long gained = 0;
        foreach (var volume in volumes.List())
        {
            if (anonymousOnly && !volume.Labels.ContainsKey(Volume.AnonymousLabel))
                continue;
            if (!FilterRules.MatchesLabels(filters, volume.Labels))
                continue;
            if (containers.OfVolume(volume.Name).Count > 0)
                continue;
            long size;
            try
            {
                size = await volumes.UsageAsync(volume.Name, cancellationToken) ?? 0;
                await volumes.RemoveAsync(volume.Name, cancellationToken);
            }
            catch (VolumeException exception) when (exception.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
            {
                // A container that is just being made takes it, or somebody else has removed it.
                continue;
            }
            events.Publish("destroy", volume);
            gained += size;
            removed.Add(volume.Name);
        }
        events.PublishPrune(gained);
        return new VolumesPruneReport { VolumesDeleted = [.. removed], SpaceReclaimed = (ulong)gained };
    }

    /// <summary>This flag has rules of its own: one value, in any spelling Go has for a truth value.</summary>
    private static bool? All(IReadOnlyList<string> values) => values switch
    {
        [] => null,
        ["1" or "t" or "T" or "true" or "TRUE" or "True"] => true,
        ["0" or "f" or "F" or "false" or "FALSE" or "False"] => false,
        [var other] => throw EngineException.InvalidParameter($"invalid filter 'all': strconv.ParseBool: parsing \"{other}\": invalid syntax"),
        _ => throw EngineException.InvalidParameter($"invalid filter 'all=[{string.Join(' ', values)}]': only one value is expected"),
    };
}
