using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hafen.Linux.Netlink;

/// <summary>What the kernel lists of its interfaces, addresses and routes.</summary>
public static class NetlinkTables
{
    private const int RequestSize = 128;

    /// <summary>All interfaces; with a master, its ports only.</summary>
    public static IReadOnlyList<LinkInfo> Links(this NetlinkSocket socket, int master = 0)
    {
        var links = new List<LinkInfo>();
        var batch = new NetlinkBatch(stackalloc byte[RequestSize]);
        batch.Begin(Rtm.RTM_GETLINK, Nlm.NLM_F_DUMP, new ifinfomsg());
        batch.Attribute(Ifla.IFLA_EXT_MASK, Ifla.RTEXT_FILTER_SKIP_STATS);
        if (master != 0)
            batch.Attribute(Ifla.IFLA_MASTER, (uint)master);
        socket.Query(ref batch, (type, payload) =>
        {
            // Kernels before 5.0 pass over the filter.
            if (type == Rtm.RTM_NEWLINK && ParseLink(payload) is { } link && (master == 0 || link.Master == master))
                links.Add(link);
        }, links.Clear);
        return links;
    }

    /// <summary>The interface of that name, null when there is none.</summary>
    public static LinkInfo? FindLink(this NetlinkSocket socket, string name)
    {
        LinkInfo? found = null;
        var batch = new NetlinkBatch(stackalloc byte[RequestSize]);
        batch.Begin(Rtm.RTM_GETLINK, 0, new ifinfomsg());
        batch.Attribute(Ifla.IFLA_IFNAME, name);
        batch.Attribute(Ifla.IFLA_EXT_MASK, Ifla.RTEXT_FILTER_SKIP_STATS);
        try
        {
            socket.Query(ref batch, (type, payload) => found = type == Rtm.RTM_NEWLINK ? ParseLink(payload) : found, () => { });
        }
        catch (NetlinkException exception) when (exception.Number == Errno.ENODEV)
        {
        }
        return found;
    }

    /// <summary>All IPv4 addresses.</summary>
    public static IReadOnlyList<AddressInfo> Addresses(this NetlinkSocket socket)
    {
        var addresses = new List<AddressInfo>();
        var batch = new NetlinkBatch(stackalloc byte[RequestSize]);
        batch.Begin(Rtm.RTM_GETADDR, Nlm.NLM_F_DUMP, new ifaddrmsg { ifa_family = Rta.AF_INET });
        socket.Query(ref batch, (type, payload) =>
        {
            if (type == Rtm.RTM_NEWADDR && ParseAddress(payload) is { } address)
                addresses.Add(address);
        }, addresses.Clear);
        return addresses;
    }

    /// <summary>The IPv4 routes of all tables.</summary>
    public static IReadOnlyList<RouteInfo> Routes(this NetlinkSocket socket)
    {
        var routes = new List<RouteInfo>();
        var batch = new NetlinkBatch(stackalloc byte[RequestSize]);
        batch.Begin(Rtm.RTM_GETROUTE, Nlm.NLM_F_DUMP, new rtmsg { rtm_family = Rta.AF_INET });
        socket.Query(ref batch, (type, payload) =>
        {
            if (type == Rtm.RTM_NEWROUTE && ParseRoute(payload) is { } route)
                routes.Add(route);
        }, routes.Clear);
        return routes;
    }

    /// <summary>Reads the payload of an <c>RTM_NEWLINK</c>.</summary>
    public static LinkInfo? ParseLink(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<ifinfomsg>())
            return null;
        var header = MemoryMarshal.Read<ifinfomsg>(payload);
        string? name = null, kind = null, alias = null;
        PhysicalAddress? address = null;
        uint mtu = 0, master = 0, peer = 0, group = 0;
        bool operational = false;
        var attributes = NetlinkAttributes.After<ifinfomsg>(payload);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Ifla.IFLA_IFNAME:
                    name = attributes.Text;
                    break;
                case Ifla.IFLA_ADDRESS:
                    address = new PhysicalAddress(attributes.Value.ToArray());
                    break;
                case Ifla.IFLA_MTU:
                    mtu = attributes.UInt32;
                    break;
                case Ifla.IFLA_MASTER:
                    master = attributes.UInt32;
                    break;
                case Ifla.IFLA_LINK:
                    peer = attributes.UInt32;
                    break;
                case Ifla.IFLA_GROUP:
                    group = attributes.UInt32;
                    break;
                case Ifla.IFLA_IFALIAS:
                    alias = attributes.Text;
                    break;
                case Ifla.IFLA_OPERSTATE:
                    operational = attributes.Value is [Ifla.IF_OPER_UP, ..];
                    break;
                case Ifla.IFLA_LINKINFO:
                    kind = Kind(attributes.Value);
                    break;
            }
        }
        return name is null ? null : new LinkInfo
        {
            Index = header.ifi_index,
            Name = name,
            Up = (header.ifi_flags & Ifla.IFF_UP) != 0,
            Operational = operational,
            Mtu = (int)mtu,
            Address = address,
            Master = (int)master,
            Peer = (int)peer,
            Group = group,
            Alias = alias,
            Kind = kind,
        };
    }

    /// <summary>Reads the payload of an <c>RTM_NEWADDR</c>.</summary>
    public static AddressInfo? ParseAddress(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<ifaddrmsg>())
            return null;
        var header = MemoryMarshal.Read<ifaddrmsg>(payload);
        IPAddress? local = null, address = null;
        var attributes = NetlinkAttributes.After<ifaddrmsg>(payload);
        while (attributes.Next())
        {
            if (attributes.Type == Rta.IFA_LOCAL)
                local = ToAddress(attributes.Value);
            else if (attributes.Type == Rta.IFA_ADDRESS)
                address = ToAddress(attributes.Value);
        }
        // On a point-to-point link IFA_ADDRESS is the other side's.
        return (local ?? address) is { } own ? new AddressInfo((int)header.ifa_index, own, header.ifa_prefixlen) : null;
    }

    /// <summary>Reads the payload of an <c>RTM_NEWROUTE</c>.</summary>
    public static RouteInfo? ParseRoute(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < Unsafe.SizeOf<rtmsg>())
            return null;
        var header = MemoryMarshal.Read<rtmsg>(payload);
        var destination = header.rtm_family == Rta.AF_INET ? IPAddress.Any : IPAddress.IPv6Any;
        IPAddress? gateway = null;
        uint index = 0, table = header.rtm_table;
        var attributes = NetlinkAttributes.After<rtmsg>(payload);
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case Rta.RTA_DST:
                    destination = ToAddress(attributes.Value) ?? destination;
                    break;
                case Rta.RTA_GATEWAY:
                    gateway = ToAddress(attributes.Value);
                    break;
                case Rta.RTA_OIF:
                    index = attributes.UInt32;
                    break;
                case Rta.RTA_TABLE:
                    table = attributes.UInt32;
                    break;
            }
        }
        return new RouteInfo(destination, header.rtm_dst_len, gateway, (int)index, table, header.rtm_type);
    }

    private static IPAddress? ToAddress(ReadOnlySpan<byte> value) => value.Length is 4 or 16 ? new IPAddress(value) : null;

    private static string? Kind(ReadOnlySpan<byte> info)
    {
        var attributes = new NetlinkAttributes(info);
        while (attributes.Next())
        {
            if (attributes.Type == Ifla.IFLA_INFO_KIND)
                return attributes.Text;
        }
        return null;
    }
}
