using System.Net;
using System.Net.NetworkInformation;

namespace Hafen.Networking;

/// <summary>What is wanted of a place in a network.</summary>
public sealed record EndpointRequest
{
    /// <summary>Nothing in particular.</summary>
    public static EndpointRequest Any { get; } = new();

    /// <summary>Null for the next free one.</summary>
    public IPAddress? Address { get; init; }

    /// <summary>Null for the one that follows from the address.</summary>
    public PhysicalAddress? MacAddress { get; init; }
}
