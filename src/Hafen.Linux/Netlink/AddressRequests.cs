using System.Net;
using System.Net.Sockets;

namespace Hafen.Linux.Netlink;

/// <summary>Requests about addresses, routes and neighbours, added to a batch (rtnetlink(7)).</summary>
public static class AddressRequests
{
    /// <summary>Gives an interface an address and, for IPv4, the broadcast address of its prefix.</summary>
    public static void AddAddress(ref this NetlinkBatch batch, int index, IPAddress address, int prefixLength)
    {
        BeginAddress(ref batch, Rtm.RTM_NEWADDR, Nlm.NLM_F_CREATE | Nlm.NLM_F_EXCL, index, address, prefixLength);
        if (address.AddressFamily == AddressFamily.InterNetwork && prefixLength < 31)
            batch.Attribute(Rta.IFA_BROADCAST, Broadcast(address, prefixLength));
    }

    /// <summary>Takes an address from an interface.</summary>
    public static void DeleteAddress(ref this NetlinkBatch batch, int index, IPAddress address, int prefixLength) =>
        BeginAddress(ref batch, Rtm.RTM_DELADDR, 0, index, address, prefixLength);

    /// <summary>Adds the default route through a gateway on the interface's own network.</summary>
    public static void AddDefaultRoute(ref this NetlinkBatch batch, int index, IPAddress gateway)
    {
        batch.Begin(Rtm.RTM_NEWROUTE, Nlm.NLM_F_CREATE | Nlm.NLM_F_EXCL, new rtmsg
        {
            rtm_family = Family(gateway),
            rtm_table = Rta.RT_TABLE_MAIN,
            rtm_protocol = Rta.RTPROT_BOOT,
            rtm_scope = Rta.RT_SCOPE_UNIVERSE,
            rtm_type = Rta.RTN_UNICAST,
        });
        batch.Attribute(Rta.RTA_GATEWAY, gateway.GetAddressBytes());
        batch.Attribute(Rta.RTA_OIF, (uint)index);
    }

    /// <summary>Forgets which hardware address belonged to a neighbour's address.</summary>
    public static void DeleteNeighbour(ref this NetlinkBatch batch, int index, IPAddress address)
    {
        batch.Begin(Rtm.RTM_DELNEIGH, 0, new ndmsg { ndm_family = Family(address), ndm_ifindex = index });
        batch.Attribute(Rta.NDA_DST, address.GetAddressBytes());
    }

    private static void BeginAddress(ref NetlinkBatch batch, ushort type, ushort flags, int index, IPAddress address, int prefixLength)
    {
        batch.Begin(type, flags, new ifaddrmsg
        {
            ifa_family = Family(address),
            ifa_prefixlen = (byte)prefixLength,
            ifa_scope = Rta.RT_SCOPE_UNIVERSE,
            ifa_index = (uint)index,
        });
        batch.Attribute(Rta.IFA_LOCAL, address.GetAddressBytes());
        batch.Attribute(Rta.IFA_ADDRESS, address.GetAddressBytes());
    }

    private static byte[] Broadcast(IPAddress address, int prefixLength)
    {
        byte[] bytes = address.GetAddressBytes();
        for (int bit = prefixLength; bit < 32; bit++)
            bytes[bit / 8] |= (byte)(0x80 >> (bit % 8));
        return bytes;
    }

    private static byte Family(IPAddress address) => address.AddressFamily == AddressFamily.InterNetwork ? Rta.AF_INET : Rta.AF_INET6;
}
