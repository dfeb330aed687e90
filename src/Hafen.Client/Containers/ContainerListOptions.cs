using Hafen.Api;

namespace Hafen.Client.Containers;

/// <summary>What <c>GET /containers/json</c> lists.</summary>
public sealed record ContainerListOptions
{
    /// <summary>Also containers that do not run.</summary>
    public bool All { get; init; }

    /// <summary>The newest n, whatever their state; null for no limit.</summary>
    public int? Limit { get; init; }

    /// <summary>Compute sizes, which may take long.</summary>
    public bool Size { get; init; }

    public FilterSet? Filters { get; init; }
}
