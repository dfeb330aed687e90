using Hafen.Api;
using Hafen.Engine.Filters;
using Hafen.Engine.State;
using Hafen.Errors;

namespace Hafen.Engine.Containers;

/// <summary>Removes all containers that do not run.</summary>
public static class PruneContainers
{
    /// <param name="filters"><c>until</c>, <c>label</c>, <c>label!</c>.</param>
    /// <exception cref="EngineException">A filter is unknown or malformed.</exception>
    public static async Task<ContainersPruneReport> PruneContainersAsync(
        this ContainerEngine engine, FilterSet filters, CancellationToken cancellationToken)
    {
        FilterRules.Require(filters, "until", "label", "label!");
        var until = FilterRules.Until(filters, TimeProvider.System);

        var removed = new List<string>();
        long reclaimed = 0;
        foreach (var container in engine.Store.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = container.Record;
            if (container.Status is not (ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Dead)) continue;
            if (until is { } limit && record.Created > limit) continue;
            if (!FilterRules.MatchesLabels(filters, record.Config.Labels)) continue;
            long size = ContainerSizes.Writable(engine, container);
            try
            {
                await engine.RemoveContainerAsync(container.Id, force: false, removeVolumes: false, cancellationToken).ConfigureAwait(false);
            }
            catch (HafenException)
            {
                // Started or removed by someone else meanwhile; one container does not stop the others.
                continue;
            }
            reclaimed += size;
            removed.Add(container.Id);
        }
        engine.Events.Publish("container", "prune", "", new Dictionary<string, string> { ["reclaimed"] = reclaimed.ToString() });
        return new ContainersPruneReport { ContainersDeleted = removed.Count == 0 ? null : [.. removed], SpaceReclaimed = (ulong)reclaimed };
    }
}
