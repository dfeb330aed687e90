using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.Events;
using Microsoft.Win32.SafeHandles;

namespace Hafen.Linux.Netlink;

/// <summary>
/// News of nftables' rules in the network namespace of the thread that made this (the multicast group of nf_tables, nfnetlink.h). For one thread, which
/// waits; <see cref="Stop"/> may be called from any.
/// </summary>
public sealed unsafe class NetfilterEvents : IDisposable
{
    private const int SOL_NETLINK = 270, NETLINK_ADD_MEMBERSHIP = 1, NFNLGRP_NFTABLES = 7, MSG_DONTWAIT = 0x40;
    private const ushort NFNL_SUBSYS_NFTABLES = 10, NFT_MSG_DELTABLE = 2, NFT_MSG_DELCHAIN = 5, NFT_MSG_DELRULE = 8;
    // The same number for tables, chains and rules (nf_tables.h: NFTA_TABLE_NAME, NFTA_CHAIN_TABLE, NFTA_RULE_TABLE).
    private const ushort TableAttribute = 1;
    private const byte NFPROTO_IPV4 = 2;
    // struct nlmsghdr, struct nfgenmsg, struct nlattr
    private const int HeaderSize = 16, FamilySize = 4, AttributeSize = 4, ReceiveSize = 16 * 1024;

    private readonly SafeFileHandle _socket;
    private readonly EventDescriptor _stop = new();
    private readonly byte[] _table;
    private readonly byte[] _buffer = new byte[ReceiveSize];

    /// <param name="table">The table of the family <c>ip</c> that is meant.</param>
    /// <exception cref="LinuxException">The kernel has no such news to give.</exception>
    public NetfilterEvents(string table)
    {
        _table = Encoding.UTF8.GetBytes(table);
        int fd = NetlinkCalls.socket(NetlinkCalls.AF_NETLINK, NetlinkCalls.SOCK_RAW | NetlinkCalls.SOCK_CLOEXEC, NetlinkCalls.NETLINK_NETFILTER);
        _socket = new SafeFileHandle(fd, ownsHandle: true);
        if (fd < 0)
        {
            var refused = Failed("socket");
            _stop.Dispose();
            throw refused;
        }
        int group = NFNLGRP_NFTABLES;
        var kernel = new sockaddr_nl { nl_family = NetlinkCalls.AF_NETLINK };
        if (NetlinkCalls.connect(fd, &kernel, (uint)sizeof(sockaddr_nl)) == 0
            && NetlinkCalls.setsockopt(fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, &group, sizeof(int)) == 0)
        {
            return;
        }
        var failure = Failed("join nftables' news");
        Dispose();
        throw failure;
    }

    /// <summary>Waits until the table, a chain or a rule of it has been removed, or news were lost; false when stopped.</summary>
    public bool WaitForRemoval()
    {
        Span<PollEntry> entries = stackalloc PollEntry[2];
        while (true)
        {
            entries[0] = new PollEntry((int)_socket.DangerousGetHandle(), Poll.In);
            entries[1] = new PollEntry(_stop.Number, Poll.In);
            Poll.Wait(entries, -1);
            if (entries[1].Found != 0)
                return false;
            if (entries[0].Found != 0 && Drain())
                return true;
        }
    }

    /// <summary>Waits a moment; false when stopped meanwhile.</summary>
    public bool Pause(TimeSpan time)
    {
        Span<PollEntry> entries = [new PollEntry(_stop.Number, Poll.In)];
        return Poll.Wait(entries, (int)time.TotalMilliseconds) == 0;
    }

    /// <summary>Ends all waiting.</summary>
    public void Stop() => _stop.Signal();

    public void Dispose()
    {
        _socket.Dispose();
        _stop.Dispose();
    }

    /// <summary>Takes what is there, so that many changes at once count as one.</summary>
    private bool Drain()
    {
        bool removed = false;
        fixed (byte* buffer = _buffer)
        {
            while (true)
            {
                nint length = NetlinkCalls.recv((int)_socket.DangerousGetHandle(), buffer, ReceiveSize, MSG_DONTWAIT);
                if (length >= 0)
                {
                    removed |= HoldsRemoval(_buffer.AsSpan(0, (int)length), _table);
                    continue;
                }
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.ENOBUFS:
                        removed = true;
                        break;
                    case Errno.EINTR:
                        break;
                    default:
                        return removed;
                }
            }
        }
    }

    /// <summary>Looks through the messages of a datagram (struct nlmsghdr: length, type, flags, sequence, port).</summary>
    internal static bool HoldsRemoval(ReadOnlySpan<byte> messages, ReadOnlySpan<byte> table)
    {
        while (messages.Length >= HeaderSize)
        {
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(messages);
            if (length < HeaderSize || length > messages.Length)
                return false;
            int type = BinaryPrimitives.ReadUInt16LittleEndian(messages[4..]);
            if (type >> 8 == NFNL_SUBSYS_NFTABLES && (type & 0xFF) is NFT_MSG_DELTABLE or NFT_MSG_DELCHAIN or NFT_MSG_DELRULE
                && IsOf(messages[HeaderSize..(int)length], table))
            {
                return true;
            }
            messages = messages[(int)Math.Min((length + 3) & ~3u, (uint)messages.Length)..];
        }
        return false;
    }

    private static bool IsOf(ReadOnlySpan<byte> body, ReadOnlySpan<byte> table)
    {
        if (body.Length < FamilySize || body[0] != NFPROTO_IPV4)
            return false;
        var attributes = body[FamilySize..];
        while (attributes.Length >= AttributeSize)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(attributes);
            if (length < AttributeSize || length > attributes.Length)
                return false;
            if (BinaryPrimitives.ReadUInt16LittleEndian(attributes[2..]) == TableAttribute)
                return attributes[AttributeSize..length].TrimEnd((byte)0).SequenceEqual(table);
            attributes = attributes[Math.Min((length + 3) & ~3, attributes.Length)..];
        }
        return false;
    }

    private static LinuxException Failed(string call) => new(Marshal.GetLastPInvokeError(), call, "netlink");
}
