using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Hafen.Networking.Addresses;

/// <summary>An IPv4 subnet.</summary>
/// <param name="Network">The network address as a number, host bits zero.</param>
/// <param name="PrefixLength">0 to 32.</param>
public readonly record struct Subnet(uint Network, int PrefixLength)
{
    /// <summary>Number of addresses, network and broadcast address included.</summary>
    public long Size => 1L << (32 - PrefixLength);

    public IPAddress this[long offset] => ToAddress((uint)(Network + offset));

    /// <summary>The subnet an address belongs to.</summary>
    public static Subnet Of(IPAddress address, int prefixLength) => new(ToNumber(address) & Mask(prefixLength), prefixLength);

    /// <summary>Parses <c>10.1.2.3/16</c> into the address as written and its subnet.</summary>
    public static bool TryParse(string text, out IPAddress address, out Subnet subnet)
    {
        address = IPAddress.Any;
        subnet = default;
        int slash = text.IndexOf('/', StringComparison.Ordinal);
        // IPAddress.TryParse also takes "10.1" and "0x0a000001".
        if (slash < 0 || text.AsSpan(0, slash).Count('.') != 3 || !IPAddress.TryParse(text[..slash], out var parsed)
            || parsed.AddressFamily != AddressFamily.InterNetwork
            || !byte.TryParse(text.AsSpan(slash + 1), out byte length) || length > 32)
        {
            return false;
        }
        address = parsed;
        subnet = Of(parsed, length);
        return true;
    }

    public bool Contains(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork && (ToNumber(address) & Mask(PrefixLength)) == Network;

    public bool Overlaps(Subnet other)
    {
        uint mask = Mask(Math.Min(PrefixLength, other.PrefixLength));
        return (Network & mask) == (other.Network & mask);
    }

    /// <summary>Distance of an address from the network address.</summary>
    public long OffsetOf(IPAddress address) => (long)ToNumber(address) - Network;

    public override string ToString() => $"{ToAddress(Network)}/{PrefixLength}";

    private static uint Mask(int prefixLength) => prefixLength == 0 ? 0 : uint.MaxValue << (32 - prefixLength);

    private static uint ToNumber(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[4];
        address.TryWriteBytes(bytes, out _);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private static IPAddress ToAddress(uint number)
    {
        Span<byte> bytes = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
