using System.Net.NetworkInformation;

namespace Hafen.Linux.Netlink;

/// <summary>Requests about links, added to a batch (rtnetlink(7), RTM_NEWLINK and relatives).</summary>
public static class LinkRequests
{
    /// <summary>Creates a bridge, up, without spanning tree and without IPv6 link-local address of its own.</summary>
    public static void AddBridge(ref this NetlinkBatch batch, string name, PhysicalAddress address, int mtu, uint group = 0)
    {
        batch.Begin(Rtm.RTM_NEWLINK, Nlm.NLM_F_CREATE | Nlm.NLM_F_EXCL, new ifinfomsg());
        batch.Attribute(Ifla.IFLA_IFNAME, name);
        batch.Attribute(Ifla.IFLA_ADDRESS, address.GetAddressBytes());
        batch.Attribute(Ifla.IFLA_MTU, (uint)mtu);
        if (group != 0)
            batch.Attribute(Ifla.IFLA_GROUP, group);
        int info = batch.BeginNested(Ifla.IFLA_LINKINFO);
        batch.Attribute(Ifla.IFLA_INFO_KIND, "bridge");
        int data = batch.BeginNested(Ifla.IFLA_INFO_DATA);
        batch.Attribute(Ifla.IFLA_BR_FORWARD_DELAY, 0u);
        batch.Attribute(Ifla.IFLA_BR_STP_STATE, 0u);
        batch.EndNested(data);
        batch.EndNested(info);
    }

    /// <summary>
    /// Creates a veth pair in one request. The kernel places the far end, gives both their MTU, attaches the near end to its bridge
    /// and sets it up under one hold of its lock; every separate request would queue for that lock again. The far end cannot be set up
    /// here: at that point the kernel has not tied the two together yet (ENOTCONN).
    /// </summary>
    public static void AddVeth(ref this NetlinkBatch batch, in VethPair pair)
    {
        batch.Begin(Rtm.RTM_NEWLINK, Nlm.NLM_F_CREATE | Nlm.NLM_F_EXCL, new ifinfomsg { ifi_flags = Ifla.IFF_UP, ifi_change = Ifla.IFF_UP });
        batch.Attribute(Ifla.IFLA_IFNAME, pair.Name);
        batch.Attribute(Ifla.IFLA_MTU, (uint)pair.Mtu);
        batch.Attribute(Ifla.IFLA_MASTER, (uint)pair.Master);
        if (pair.Group != 0)
            batch.Attribute(Ifla.IFLA_GROUP, pair.Group);
        int info = batch.BeginNested(Ifla.IFLA_LINKINFO);
        batch.Attribute(Ifla.IFLA_INFO_KIND, "veth");
        int data = batch.BeginNested(Ifla.IFLA_INFO_DATA);
        int peer = batch.BeginNested(Ifla.VETH_INFO_PEER);
        batch.Raw(new ifinfomsg());
        batch.Attribute(Ifla.IFLA_IFNAME, pair.PeerName);
        batch.Attribute(Ifla.IFLA_ADDRESS, pair.PeerAddress.GetAddressBytes());
        batch.Attribute(Ifla.IFLA_MTU, (uint)pair.Mtu);
        batch.Attribute(Ifla.IFLA_NET_NS_FD, (uint)pair.PeerNamespace);
        batch.EndNested(peer);
        batch.EndNested(data);
        batch.EndNested(info);
    }

    /// <summary>Sets a link up or down.</summary>
    public static void SetLink(ref this NetlinkBatch batch, int index, bool up) =>
        batch.Begin(Rtm.RTM_SETLINK, 0, new ifinfomsg { ifi_index = index, ifi_flags = up ? Ifla.IFF_UP : 0, ifi_change = Ifla.IFF_UP });

    /// <summary>Changes what is not null of an existing link. The master 0 takes it from its bridge.</summary>
    public static void ChangeLink(ref this NetlinkBatch batch, int index, string? name = null, int? mtu = null, PhysicalAddress? address = null, int? master = null, string? alias = null)
    {
        batch.Begin(Rtm.RTM_SETLINK, 0, new ifinfomsg { ifi_index = index });
        if (name is not null)
            batch.Attribute(Ifla.IFLA_IFNAME, name);
        if (mtu is { } bytes)
            batch.Attribute(Ifla.IFLA_MTU, (uint)bytes);
        if (address is not null)
            batch.Attribute(Ifla.IFLA_ADDRESS, address.GetAddressBytes());
        if (master is { } bridge)
            batch.Attribute(Ifla.IFLA_MASTER, (uint)bridge);
        if (alias is not null)
            batch.Attribute(Ifla.IFLA_IFALIAS, alias);
    }

    /// <summary>Keeps the kernel from giving the link an IPv6 link-local address, with its duplicate detection and multicast reports.</summary>
    public static void DisableLinkLocal(ref this NetlinkBatch batch, int index)
    {
        batch.Begin(Rtm.RTM_SETLINK, 0, new ifinfomsg { ifi_index = index });
        int families = batch.BeginNested(Ifla.IFLA_AF_SPEC);
        int ipv6 = batch.BeginNested(Rta.AF_INET6);
        batch.Attribute(Ifla.IFLA_INET6_ADDR_GEN_MODE, Ifla.IN6_ADDR_GEN_MODE_NONE);
        batch.EndNested(ipv6);
        batch.EndNested(families);
    }

    /// <summary>
    /// Makes a bridge's port deaf: nothing is sent to it any more, neither what is for everybody nor what is for an address seen there, and
    /// what comes from it teaches the bridge nothing. (Its state cannot serve for that: a late report of its carrier sets it back.)
    /// </summary>
    public static void DeafenPort(ref this NetlinkBatch batch, int index)
    {
        batch.Begin(Rtm.RTM_SETLINK, 0, new ifinfomsg { ifi_family = Rta.AF_BRIDGE, ifi_index = index });
        int port = batch.BeginNested(Ifla.IFLA_PROTINFO);
        batch.Attribute(Ifla.IFLA_BRPORT_LEARNING, 0);
        batch.Attribute(Ifla.IFLA_BRPORT_UNICAST_FLOOD, 0);
        batch.Attribute(Ifla.IFLA_BRPORT_MCAST_FLOOD, 0);
        batch.Attribute(Ifla.IFLA_BRPORT_BCAST_FLOOD, 0);
        batch.Attribute(Ifla.IFLA_BRPORT_FLUSH, []);
        batch.EndNested(port);
    }

    /// <summary>Removes a link by its index; a veth takes its other end along.</summary>
    public static void DeleteLink(ref this NetlinkBatch batch, int index) =>
        batch.Begin(Rtm.RTM_DELLINK, 0, new ifinfomsg { ifi_index = index });

    /// <summary>Removes a link by its name.</summary>
    public static void DeleteLink(ref this NetlinkBatch batch, string name)
    {
        batch.Begin(Rtm.RTM_DELLINK, 0, new ifinfomsg());
        batch.Attribute(Ifla.IFLA_IFNAME, name);
    }
}
