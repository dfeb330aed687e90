using Hafen.Api;
using Hafen.Engine.State;
using Hafen.Engine.Times;

namespace Hafen.Engine.Containers;

/// <summary>Removes all containers that do not run.</summary>
public static class PruneContainers
{
    /// <param name="filters"><c>until</c>, <c>label</c>, <c>label!</c>.</param>
    /// <exception cref="EngineException">A filter is unknown or malformed.</exception>
    public static async Task<ContainersPruneReport> PruneContainersAsync(
        this ContainerEngine engine, FilterSet filters, CancellationToken cancellationToken)
    {
        foreach (string name in filters.Names)
            if (name is not ("until" or "label" or "label!")) throw EngineException.InvalidParameter($"invalid filter '{name}'");
        if (filters["until"].Count > 1) throw EngineException.InvalidParameter("more than one until filter specified");
        DateTimeOffset? until = filters["until"] is [var text, ..] ? ApiTimestamp.Parse(text, DateTimeOffset.UtcNow) : null;

        var removed = new List<string>();
        long reclaimed = 0;
        foreach (var container in engine.Store.All)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var record = container.Record;
            if (container.Status is not (ContainerStatus.Created or ContainerStatus.Exited or ContainerStatus.Dead)) continue;
            if (until is { } limit && record.Created > limit) continue;
            if (!filters.MatchesLabels("label", record.Config.Labels)) continue;
            if (filters.Contains("label!") && filters.MatchesLabels("label!", record.Config.Labels)) continue;
            long size = ContainerSizes.Writable(engine, container);
            try
            {
                await engine.RemoveContainerAsync(container.Id, force: false, removeVolumes: false, cancellationToken).ConfigureAwait(false);
            }
            catch (EngineException)
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
