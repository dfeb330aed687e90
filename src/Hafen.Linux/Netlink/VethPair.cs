using System.Net.NetworkInformation;

namespace Hafen.Linux.Netlink;

/// <summary>A veth pair as it shall come into being: one end here, attached to a bridge and up; the other end in a namespace, down.</summary>
public readonly record struct VethPair
{
    /// <summary>Name of the end in the socket's namespace.</summary>
    public required string Name { get; init; }

    /// <summary>Index of the bridge this end becomes a port of.</summary>
    public required int Master { get; init; }

    /// <summary>Group of this end, by which its maker knows it again; 0 for none.</summary>
    public uint Group { get; init; }

    /// <summary>MTU of both ends in bytes.</summary>
    public required int Mtu { get; init; }

    /// <summary>Name of the other end.</summary>
    public required string PeerName { get; init; }

    /// <summary>Hardware address of the other end.</summary>
    public required PhysicalAddress PeerAddress { get; init; }

    /// <summary>Descriptor of the network namespace the other end is created in.</summary>
    public required int PeerNamespace { get; init; }
}
