using System.Net.NetworkInformation;

namespace Hafen.Linux.Netlink;

/// <summary>A network interface.</summary>
public sealed record LinkInfo
{
    public required int Index { get; init; }
    public required string Name { get; init; }
    public required bool Up { get; init; }
    /// <summary>Packets pass: the kernel has taken note of the carrier (operational state, RFC 2863).</summary>
    public bool Operational { get; init; }
    /// <summary>Bytes.</summary>
    public required int Mtu { get; init; }
    public PhysicalAddress? Address { get; init; }
    /// <summary>Index of the bridge or bond this is a port of; 0 for none.</summary>
    public int Master { get; init; }
    /// <summary>Index of the other end of a veth pair, in that end's own namespace; 0 for none.</summary>
    public int Peer { get; init; }
    /// <summary>The group that whoever made the link has put it into; 0 for none.</summary>
    public uint Group { get; init; }
    /// <summary>Free text that somebody has written to it (<c>ip link … alias</c>); null for none.</summary>
    public string? Alias { get; init; }
    /// <summary><c>veth</c>, <c>bridge</c>, …; null for hardware and the loopback.</summary>
    public string? Kind { get; init; }
}
