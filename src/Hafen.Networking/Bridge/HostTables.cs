using Hafen.Linux.Netlink;

namespace Hafen.Networking.Bridge;

/// <summary>The host's interfaces, IPv4 addresses and routes at one moment.</summary>
public sealed record HostTables(IReadOnlyList<LinkInfo> Links, IReadOnlyList<AddressInfo> Addresses, IReadOnlyList<RouteInfo> Routes)
{
    /// <summary>Interfaces that carry a default route.</summary>
    public IReadOnlyList<LinkInfo> Uplinks =>
        [.. Links.Where(link => Routes.Any(route => route.PrefixLength == 0 && route.Table == Rta.RT_TABLE_MAIN && route.Index == link.Index))];

    public static HostTables Read(NetlinkSocket socket) => new(socket.Links(), socket.Addresses(), socket.Routes());
}
