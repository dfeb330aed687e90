using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hafen.Linux.Nftables;

/// <summary>
/// The kernel's older packet filter (linux/netfilter_ipv4/ip_tables.h), as far as its forward policy is concerned: rules made by
/// <c>iptables-legacy</c> do not show in nftables, yet judge the same packets. Nothing is changed here.
/// </summary>
public static unsafe partial class LegacyIptables
{
    private const int AF_INET = 2, SOCK_RAW = 3, SOCK_CLOEXEC = 0x80000, IPPROTO_RAW = 255, IPPROTO_IP = 0;
    private const int IPT_SO_GET_INFO = 64, IPT_SO_GET_ENTRIES = 65;
    private const int NF_INET_FORWARD = 2, NF_INET_NUMHOOKS = 5;
    // ipt_get_entries: the name, the size, then the entries, aligned on eight.
    private const int EntriesOffset = 40;
    // ipt_entry: target_offset lies behind ipt_ip and nfcache; xt_standard_target: the verdict lies behind xt_entry_target.
    private const int TargetOffsetAt = 88, VerdictAt = 32;
    // A standard verdict is -NF_DROP - 1.
    private const int DropVerdict = -1;

    /// <summary>
    /// Whether the chain FORWARD of the table filter drops what no rule accepts. False as well when the table is not in use; asking
    /// would otherwise load it.
    /// </summary>
    public static bool ForwardPolicyDrops()
    {
        try
        {
            if (!File.ReadLines("/proc/net/ip_tables_names").Contains("filter"))
                return false;
        }
        catch (IOException)
        {
            return false;
        }
        int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
        if (fd < 0)
            return false;
        using var handle = new SafeFileHandle(fd, ownsHandle: true);

        ipt_getinfo info = default;
        Encoding.ASCII.GetBytes("filter", new Span<byte>(info.name, 32));
        uint length = (uint)sizeof(ipt_getinfo);
        if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_INFO, &info, &length) != 0)
            return false;
        byte[] entries = new byte[EntriesOffset + info.size];
        Encoding.ASCII.GetBytes("filter", entries);
        MemoryMarshal.Write(entries.AsSpan(32), in info.size);
        length = (uint)entries.Length;
        fixed (byte* start = entries)
        {
            if (getsockopt(fd, IPPROTO_IP, IPT_SO_GET_ENTRIES, start, &length) != 0)
                return false;
        }
        return Drops(entries.AsSpan(EntriesOffset), (int)info.underflow[NF_INET_FORWARD]);
    }

    /// <summary>Whether the entry that holds a chain's policy has the verdict drop.</summary>
    /// <param name="entries">All entries of the table.</param>
    /// <param name="underflow">Where the chain's policy entry begins.</param>
    public static bool Drops(ReadOnlySpan<byte> entries, int underflow)
    {
        if (underflow < 0 || underflow + TargetOffsetAt + sizeof(ushort) > entries.Length)
            return false;
        int verdict = underflow + MemoryMarshal.Read<ushort>(entries[(underflow + TargetOffsetAt)..]) + VerdictAt;
        return verdict + sizeof(int) <= entries.Length && MemoryMarshal.Read<int>(entries[verdict..]) == DropVerdict;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getsockopt(int fd, int level, int name, void* value, uint* length);

    [StructLayout(LayoutKind.Sequential)]
    private struct ipt_getinfo
    {
        public fixed byte name[32];
        public uint valid_hooks;
        public fixed uint hook_entry[NF_INET_NUMHOOKS];
        public fixed uint underflow[NF_INET_NUMHOOKS];
        public uint num_entries;
        public uint size;
    }
}
