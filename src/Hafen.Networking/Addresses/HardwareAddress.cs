using System.Net;
using System.Net.NetworkInformation;
using System.Security.Cryptography;

namespace Hafen.Networking.Addresses;

/// <summary>Hardware addresses as Docker makes them: locally administered, beginning with <c>02:42</c>.</summary>
public static class HardwareAddress
{
    /// <summary>
    /// The address that belongs to an IPv4 address. Whoever takes over an IPv4 address takes over this one too, so that nobody's
    /// neighbour table goes stale.
    /// </summary>
    public static PhysicalAddress For(IPAddress address) => new([0x02, 0x42, .. address.GetAddressBytes()]);

    /// <summary>A random one, for a bridge.</summary>
    public static PhysicalAddress Random() => new([0x02, 0x42, .. RandomNumberGenerator.GetBytes(4)]);

    /// <summary>In Docker's spelling, <c>02:42:ac:11:00:02</c>.</summary>
    public static string Format(PhysicalAddress address) => string.Join(':', address.GetAddressBytes().Select(part => part.ToString("x2")));
}
