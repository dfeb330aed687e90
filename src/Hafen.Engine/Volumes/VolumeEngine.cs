using Hafen.Api;
using Hafen.Engine.Containers;
using Hafen.Engine.Events;
using Hafen.Engine.Filters;
using Hafen.Errors;
using Hafen.Volumes;

namespace Hafen.Engine.Volumes;

/// <summary>The use cases of volumes: what the store does, with the containers' use and the events.</summary>
public sealed class VolumeEngine(IVolumes volumes, ContainerUses uses, EventStream events)
{
    private const string Anonymous = "com.docker.volume.anonymous";

    /// <exception cref="EngineException">A filter is unknown.</exception>
    public VolumeList List(FilterSet filters)
    {
        FilterRules.Require(filters, "dangling", "driver", "label", "name");
        bool? dangling = FilterRules.Flag(filters, "dangling");
        var named = FilterRules.Patterns(filters, "name");
        var found = volumes.List()
            .Where(volume => filters.Matches("driver", volume.Driver))
            .Where(volume => named(volume.Name))
            .Where(volume => filters.MatchesLabels("label", volume.Labels))
            .Where(volume => dangling is null || dangling == (uses.OfVolume(volume.Name).Count == 0))
            .OrderBy(volume => volume.Name, StringComparer.Ordinal);
        return new VolumeList { Volumes = [.. found.Select(DescribeVolume.Describe)], Warnings = null };
    }

    /// <exception cref="EngineException">There is none of that name.</exception>
    public VolumeInspect Inspect(string name) => DescribeVolume.Describe(Get(name));

    public VolumeInspect Create(VolumeCreateRequest request)
    {
        NullBytes.Refuse(request);
        bool known = !string.IsNullOrEmpty(request.Name) && volumes.Find(request.Name) is not null;
        var volume = volumes.Create(request.Name, request.Driver, request.DriverOpts, request.Labels);
        if (!known) Publish("create", volume);
        return DescribeVolume.Describe(volume);
    }

    /// <exception cref="EngineException">There is none of that name and <paramref name="force"/> is not set, or a container uses it.</exception>
    public void Remove(string name, bool force)
    {
        if (volumes.Find(name) is not { } volume)
        {
            if (force) return;
            throw NoSuch(name);
        }
        var users = uses.OfVolume(name);
        if (users.Count > 0) throw EngineException.Conflict($"remove {name}: volume is in use - [{string.Join(", ", users.Select(user => user.Id))}]");
        volumes.Remove(name);
        Publish("destroy", volume);
    }

    /// <summary>Removes volumes no container uses: anonymous ones or, with the filter <c>all</c>, any.</summary>
    /// <param name="anonymousOnly">What is meant when the filter <c>all</c> is absent; clients before API 1.42 mean all.</param>
    public VolumesPruneReport Prune(FilterSet filters, bool anonymousOnly)
    {
        FilterRules.Require(filters, "label", "label!", "all");
        if (All(filters["all"]) is { } all) anonymousOnly = !all;
        var removed = new List<string>();
        long gained = 0;
        foreach (var volume in volumes.List())
        {
            if (anonymousOnly && !volume.Labels.ContainsKey(Anonymous)) continue;
            if (!FilterRules.MatchesLabels(filters, volume.Labels)) continue;
            if (uses.OfVolume(volume.Name).Count > 0) continue;
            long size;
            try
            {
                size = volumes.Usage(volume.Name);
                volumes.Remove(volume.Name);
            }
            catch (VolumeException e) when (e.Kind is ErrorKind.Conflict or ErrorKind.NotFound)
            {
                // A container that is just being made takes it, or somebody else has removed it.
                continue;
            }
            Publish("destroy", volume);
            gained += size;
            removed.Add(volume.Name);
        }
        events.Publish("volume", "prune", "", new Dictionary<string, string> { ["reclaimed"] = gained.ToString() });
        return new VolumesPruneReport { VolumesDeleted = [.. removed], SpaceReclaimed = (ulong)gained };
    }

    private Volume Get(string name) => volumes.Find(name) ?? throw NoSuch(name);

    private static EngineException NoSuch(string name) => EngineException.NotFound($"{(name.Length == 0 ? "get" : $"get {name}")}: no such volume");

    /// <summary>This flag has rules of its own: one value, in any spelling Go has for a truth value.</summary>
    private static bool? All(IReadOnlyList<string> values) => values switch
    {
        [] => null,
        ["1" or "t" or "T" or "true" or "TRUE" or "True"] => true,
        ["0" or "f" or "F" or "false" or "FALSE" or "False"] => false,
        [var other] => throw EngineException.InvalidParameter($"invalid filter 'all': strconv.ParseBool: parsing \"{other}\": invalid syntax"),
        _ => throw EngineException.InvalidParameter($"invalid filter 'all=[{string.Join(' ', values)}]': only one value is expected"),
    };

    private void Publish(string action, Volume volume)
        => events.Publish("volume", action, volume.Name, new Dictionary<string, string> { ["driver"] = volume.Driver });
}
