using System.Runtime.InteropServices;

namespace Hafen.Linux.Netlink;

/// <summary>
/// The one question about nftables that is asked often: whether a table is still there. It takes microseconds; libnftables, which writes tables, takes
/// ten milliseconds to be loaded.
/// </summary>
public static class NetfilterTables
{
    // linux/netfilter/nfnetlink.h and nf_tables.h
    private const ushort NFNL_SUBSYS_NFTABLES = 10, NFT_MSG_GETTABLE = 1, NFTA_TABLE_NAME = 1;
    private const byte NFPROTO_IPV4 = 2;

    /// <param name="socket">From <see cref="NetlinkSocket.OpenNetfilter"/>.</param>
    /// <param name="name">Of a table of the family <c>ip</c>.</param>
    /// <exception cref="NetlinkException">The kernel refused to say, for it has no nftables.</exception>
    public static bool HasTable(this NetlinkSocket socket, string name)
    {
        var batch = new NetlinkBatch(stackalloc byte[512]);
        batch.Begin((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETTABLE, 0, new nfgenmsg { nfgen_family = NFPROTO_IPV4 });
        batch.Attribute(NFTA_TABLE_NAME, name);
        try
        {
            socket.Execute(ref batch);
            return true;
        }
        catch (NetlinkException exception) when (exception.Number == Errno.ENOENT)
        {
            return false;
        }
    }

    /// <summary>linux/netfilter/nfnetlink.h; the last member is in network order.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct nfgenmsg
    {
        internal byte nfgen_family;
        internal byte version;
        internal ushort res_id;
    }
}
