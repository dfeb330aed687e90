using Hafen.Api;
using Hafen.Engine.Events;
using Hafen.Engine.Filters;

namespace Hafen.Engine.Networks;

/// <summary>Removes networks no container uses. There are none that may go.</summary>
public sealed class PruneNetworks(EventStream events, TimeProvider time)
{
    /// <param name="filters"><c>label</c>, <c>label!</c>, <c>until</c>.</param>
    /// <exception cref="EngineException">A filter is unknown or malformed.</exception>
    public NetworksPruneReport Run(FilterSet filters)
    {
        FilterRules.Require(filters, "label", "label!", "until");
        FilterRules.Until(filters, time);
        events.PublishPrune("network", reclaimed: 0);
        return new NetworksPruneReport();
    }
}
