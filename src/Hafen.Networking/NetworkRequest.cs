using System.Net;
using Hafen.Networking.Addresses;

namespace Hafen.Networking;

/// <summary>A network that somebody wants.</summary>
public sealed record NetworkRequest
{
    public required string Name { get; init; }

    /// <summary>Name of a driver, <c>bridge</c> when nothing is said.</summary>
    public string Driver { get; init; } = "bridge";

    /// <summary>Null for one that nobody uses.</summary>
    public Subnet? Subnet { get; init; }

    /// <summary>The host's own address in it; null for the first one.</summary>
    public IPAddress? Gateway { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();
}
