namespace Hafen.Linux.Netlink;

/// <summary>Attributes and flags of links (linux/if_link.h, linux/if.h, linux/veth.h).</summary>
public static class Ifla
{
    public const ushort IFLA_ADDRESS = 1, IFLA_IFNAME = 3, IFLA_MTU = 4, IFLA_LINK = 5, IFLA_MASTER = 10, IFLA_PROTINFO = 12, IFLA_OPERSTATE = 16,
        IFLA_LINKINFO = 18, IFLA_IFALIAS = 20, IFLA_AF_SPEC = 26, IFLA_GROUP = 27, IFLA_NET_NS_FD = 28, IFLA_EXT_MASK = 29;
    public const ushort IFLA_INFO_KIND = 1, IFLA_INFO_DATA = 2;
    public const ushort IFLA_INET6_ADDR_GEN_MODE = 8;
    public const ushort IFLA_BR_FORWARD_DELAY = 1, IFLA_BR_STP_STATE = 5;
    public const ushort IFLA_BRPORT_LEARNING = 8, IFLA_BRPORT_UNICAST_FLOOD = 9, IFLA_BRPORT_FLUSH = 24, IFLA_BRPORT_MCAST_FLOOD = 27,
        IFLA_BRPORT_BCAST_FLOOD = 30;
    public const ushort VETH_INFO_PEER = 1;

    public const byte IF_OPER_UP = 6;
    public const byte IN6_ADDR_GEN_MODE_NONE = 1;
    public const uint RTEXT_FILTER_SKIP_STATS = 1 << 3;
    public const uint IFF_UP = 1;
    /// <summary>Bytes of an interface name with its final zero (linux/if.h).</summary>
    public const int IFNAMSIZ = 16;
}
