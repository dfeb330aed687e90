namespace Hafen.Linux.Netlink;

/// <summary>Attributes of addresses, routes and neighbours (linux/if_addr.h, linux/rtnetlink.h, linux/neighbour.h).</summary>
public static class Rta
{
    public const ushort IFA_ADDRESS = 1, IFA_LOCAL = 2, IFA_LABEL = 3, IFA_BROADCAST = 4;
    public const ushort RTA_DST = 1, RTA_OIF = 4, RTA_GATEWAY = 5, RTA_PRIORITY = 6, RTA_PREFSRC = 7, RTA_MULTIPATH = 9, RTA_TABLE = 15;
    public const ushort NDA_DST = 1, NDA_LLADDR = 2;

    public const byte RT_TABLE_MAIN = 254, RTPROT_BOOT = 3, RT_SCOPE_UNIVERSE = 0, RT_SCOPE_LINK = 253, RTN_UNICAST = 1, RTN_LOCAL = 2;
    public const byte AF_UNSPEC = 0, AF_INET = 2, AF_BRIDGE = 7, AF_INET6 = 10;
    public const uint RTM_F_CLONED = 0x200;
}
