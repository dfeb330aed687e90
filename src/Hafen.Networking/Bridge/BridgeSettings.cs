using System.Net;
using System.Net.NetworkInformation;
using Hafen.Networking.Addresses;

namespace Hafen.Networking.Bridge;

/// <summary>What the bridge of this host shall be.</summary>
/// <param name="Name">Interface name.</param>
/// <param name="Gateway">Address of the bridge itself.</param>
/// <param name="Subnet">The containers' subnet.</param>
/// <param name="Address">Hardware address.</param>
/// <param name="Mtu">Bytes.</param>
public sealed record BridgeSettings(string Name, IPAddress Gateway, Subnet Subnet, PhysicalAddress Address, int Mtu);
