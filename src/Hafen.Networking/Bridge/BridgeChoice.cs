using System.Net;
using Hafen.Errors;
using Hafen.Linux.Netlink;
using Hafen.Networking.Addresses;

namespace Hafen.Networking.Bridge;

/// <summary>Decides address and MTU of the bridge from what the operator, the disk and the kernel say.</summary>
public static class BridgeChoice
{
    private const int DefaultMtu = 1500;
    private const int ShortestOccupied = 8;

    /// <summary>What the bridge of a network that people have made is called, as Docker calls its own.</summary>
    public static string InterfaceName(string networkId) => "br-" + networkId[..12];

    /// <summary>
    /// The bridge's address, in this order: the operator's, the remembered one, the one the interface already has, the first free pool.
    /// </summary>
    /// <param name="bridge">Interface name.</param>
    /// <param name="bip">What the operator says.</param>
    /// <param name="known">What is remembered or asked for.</param>
    /// <param name="occupied">Subnets of our other networks.</param>
    /// <param name="nameservers">The host's name servers, which the bridge must not cover.</param>
    /// <exception cref="NetworkException">The operator's address is none, another network has it, or no pool is free.</exception>
    public static (IPAddress Gateway, Subnet Subnet) Address(
        string bridge, string? bip, string? known, HostTables host, IReadOnlyList<Subnet> occupied, IReadOnlyList<string> nameservers)
    {
        if (bip is not null)
            return OperatorsAddress(bip);
        if (known is not null && Subnet.TryParse(known, out var gateway, out var subnet))
        {
            return occupied.Any(other => other.Overlaps(subnet))
                ? throw new NetworkException(ErrorKind.Forbidden, "invalid pool request: Pool overlaps with other one on this address space")
                : (gateway, subnet);
        }

        int own = host.Links.FirstOrDefault(link => link.Name == bridge)?.Index ?? 0;
        if (own != 0 && host.Addresses.FirstOrDefault(address => address.Index == own) is { PrefixLength: <= 30 } present)
            return (present.Address, Subnet.Of(present.Address, present.PrefixLength));

        var chosen = SubnetChoice.Choose(Occupied(host, own).Concat(occupied), nameservers) ?? throw new NetworkException(
            ErrorKind.Unavailable,
            "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network; set bip");
        return (chosen[1], chosen);
    }

    /// <summary>What the operator says the bridge's address is.</summary>
    /// <exception cref="NetworkException">It is none.</exception>
    public static (IPAddress Gateway, Subnet Subnet) OperatorsAddress(string bip)
    {
        if (!Subnet.TryParse(bip, out var gateway, out var subnet) || subnet.PrefixLength > 30
            || subnet.OffsetOf(gateway) is var offset && (offset == 0 || offset == subnet.Size - 1))
        {
            throw new NetworkException(ErrorKind.InvalidParameter, $"bip {bip} is no address of a host with its prefix length");
        }
        return (gateway, subnet);
    }

    /// <summary>What the operator says; otherwise 1500 bytes, or what the default route carries when that is less.</summary>
    public static int Mtu(NetworkOptions options, HostTables host)
    {
        if (options.Mtu is { } mtu)
            return mtu;
        int uplink = host.Uplinks.Select(link => link.Mtu).DefaultIfEmpty(DefaultMtu).Min();
        return Math.Min(uplink, DefaultMtu);
    }

    /// <summary>Names of routes and addresses elsewhere on this host that lie in the bridge's subnet: containers cannot reach those.</summary>
    public static IReadOnlyList<string> Overlaps(Subnet subnet, string bridge, HostTables host)
    {
        int own = host.Links.FirstOrDefault(link => link.Name == bridge)?.Index ?? 0;
        return [.. Occupied(host, own).Where(other => other.Overlaps(subnet)).Select(other => other.ToString()).Distinct()];
    }

    // A route shorter than this says where the rest of the world lies (a VPN's 0.0.0.0/1 and 128.0.0.0/1), not whose network it is.
    private static IEnumerable<Subnet> Occupied(HostTables host, int own) =>
        host.Addresses.Where(address => address.Index != own || own == 0).Select(address => Subnet.Of(address.Address, address.PrefixLength))
            .Concat(host.Routes.Where(route => (route.Index != own || own == 0) && route.PrefixLength >= ShortestOccupied)
                .Select(route => Subnet.Of(route.Destination, route.PrefixLength)));
}
