using Hafen.Api;
using Hafen.Engine.Events;
using Hafen.Engine.Filters;
using Hafen.Engine.State;
using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Removes all containers that do not run.</summary>
public sealed class PruneContainers
{
    private readonly ContainerStore _containers;
    private readonly RemoveContainer _remove;
    private readonly ContainerSizes _sizes;
    private readonly EventStream _events;
    private readonly TimeProvider _time;

    internal PruneContainers(ContainerStore containers, RemoveContainer remove, ContainerSizes sizes, EventStream events, TimeProvider time)
    {
        _containers = containers;
        _remove = remove;
        _sizes = sizes;
        _events = events;
        _time = time;
    }

    /// <param name="filters"><c>until</c>, <c>label</c>, <c>label!</c>.</param>
    /// <param name="cancellationToken">Gives up between two containers; those removed by then are gone.</param>
    /// <exception cref="EngineException">A filter is unknown or malformed.</exception>
    public async Task<ContainersPruneReport> RunAsync(FilterSet filters, CancellationToken cancellationToken)
    {
        FilterRules.Require(filters, "until", "label", "label!");
        var until = FilterRules.Until(filters, _time);

        var removed = new List<string>();
        long reclaimed = 0;
        foreach (var container in _containers.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = container.Record;
            if (container.Status is not (ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Dead))
                continue;
            if (until is { } limit && record.Created > limit)
                continue;
            if (!FilterRules.MatchesLabels(filters, record.Config.Labels))
                continue;
            long size = _sizes.MeasureWritable(container);
            try
            {
                await _remove.RunAsync(container.Id, force: false, removeVolumes: false, cancellationToken);
            }
            catch (HafenException)
            {
                // Started or removed by someone else meanwhile; one container does not stop the others.
                continue;
            }
            reclaimed += size;
            removed.Add(container.Id);
        }
        _events.PublishPrune("container", reclaimed);
        return new ContainersPruneReport { ContainersDeleted = removed.Count == 0 ? null : [.. removed], SpaceReclaimed = (ulong)reclaimed };
    }
}
