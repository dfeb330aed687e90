using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Filters;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>Lists volumes by name.</summary>
public sealed class ListVolumes(IVolumes volumes, ContainerUses containers)
{
    /// <param name="filters"><c>dangling</c>, <c>driver</c>, <c>label</c>, <c>name</c>.</param>
    /// <exception cref="EngineException">A filter is unknown or its value malformed.</exception>
    public VolumeList Run(FilterSet filters)
    {
        FilterRules.Require(filters, "dangling", "driver", "label", "name");
        bool? dangling = FilterRules.Flag(filters, "dangling");
        var named = FilterRules.Patterns(filters, "name");
        var found = volumes.List()
            .Where(volume => filters.Matches("driver", volume.Driver))
            .Where(volume => named(volume.Name))
            .Where(volume => filters.MatchesLabels("label", volume.Labels))
            .Where(volume => dangling is null || dangling == (containers.OfVolume(volume.Name).Count == 0))
            .OrderBy(volume => volume.Name, StringComparer.Ordinal);
        return new VolumeList { Volumes = [.. found.Select(DescribeVolume.Describe)], Warnings = null };
    }
}
