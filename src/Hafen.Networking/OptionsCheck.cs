using System.Buffers;
using Hafen.Errors;
using Hafen.Linux.Netlink;
using Hafen.Networking.Addresses;
using Hafen.Networking.Bridge;

namespace Hafen.Networking;

/// <summary>Refuses options that cannot be, before anything changes.</summary>
public static class OptionsCheck
{
    // Both names go into the firewall's language.
    private static readonly SearchValues<char> s_name =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-");

    /// <exception cref="NetworkException">The first option that cannot be.</exception>
    public static void Verify(NetworkOptions options)
    {
        if (options.BridgeName.Length is 0 or >= Ifla.IFNAMSIZ || options.BridgeName.AsSpan().ContainsAnyExcept(s_name) || options.BridgeName is "." or "..")
            throw Invalid($"\"{options.BridgeName}\" is no name for an interface: 1 to 15 letters, digits, and \"_.-\"");
        if (options.WithoutBridge && (options.Bip ?? options.FixedCidr) is not null)
            throw Invalid("bip and fixed-cidr mean nothing without a bridge");
        if (options.TableName.Length == 0 || !char.IsAsciiLetter(options.TableName[0]) || options.TableName.AsSpan().ContainsAnyExcept(s_name) || options.TableName.Contains('-'))
            throw Invalid($"\"{options.TableName}\" is no name for a firewall table");
        if (options.Mtu is < 68 or > 65535)
            throw Invalid($"an MTU of {options.Mtu} bytes is outside 68 to 65535");
        if (options.Bip is not null)
            BridgeChoice.OperatorsAddress(options.Bip);
        if (options.FixedCidr is { } range && !Subnet.TryParse(range, out _, out _))
            throw Invalid($"fixed-cidr {range} is no subnet");
        if (options.Bip is { } bip && options.FixedCidr is { } part
            && Subnet.TryParse(bip, out _, out var whole) && Subnet.TryParse(part, out _, out var inner)
            && (inner.PrefixLength < whole.PrefixLength || !whole.Overlaps(inner)))
        {
            throw Invalid($"fixed-cidr {part} is no part of the bridge's subnet {whole}");
        }
    }

    private static NetworkException Invalid(string message) => new(ErrorKind.InvalidParameter, message);
}
