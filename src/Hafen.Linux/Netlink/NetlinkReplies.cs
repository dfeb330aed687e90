using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Hafen.Linux.Netlink;

/// <summary>Receives a message the kernel sent as content of a reply.</summary>
/// <param name="type">For example <c>RTM_NEWLINK</c>.</param>
/// <param name="payload">What follows the netlink header.</param>
public delegate void NetlinkMessageHandler(ushort type, ReadOnlySpan<byte> payload);

/// <summary>
/// Collects the kernel's replies to a batch: every request ends with an acknowledgement, an error or, after a multi-part
/// reply, with <c>NLMSG_DONE</c>. Pure: fed with received datagrams.
/// </summary>
public sealed class NetlinkReplies(uint first, int count, NetlinkMessageHandler? handler)
{
    private int _answered;

    /// <summary>Every request has been answered.</summary>
    public bool Complete => _answered == count;

    /// <summary>A table changed while the kernel listed it, so the list may be inconsistent: ask again.</summary>
    public bool Interrupted { get; private set; }

    /// <summary>Errno of the first refused request, positive; 0 when none was refused.</summary>
    public int Error { get; private set; }

    /// <summary>Position of the first refused request.</summary>
    public int ErrorIndex { get; private set; }

    /// <summary>The kernel's explanation of the first refusal.</summary>
    public string? Explanation { get; private set; }

    /// <summary>Takes one datagram, which may hold several messages. Messages that answer something else are passed over.</summary>
    public void Feed(ReadOnlySpan<byte> datagram)
    {
        while (datagram.Length >= Unsafe.SizeOf<nlmsghdr>())
        {
            var header = MemoryMarshal.Read<nlmsghdr>(datagram);
            if (header.nlmsg_len < Unsafe.SizeOf<nlmsghdr>() || header.nlmsg_len > datagram.Length)
                return;
            uint index = header.nlmsg_seq - first;
            if (index < (uint)count)
                Take(header, (int)index, datagram[Unsafe.SizeOf<nlmsghdr>()..(int)header.nlmsg_len]);
            datagram = datagram[Math.Min(datagram.Length, ((int)header.nlmsg_len + 3) & ~3)..];
        }
    }

    private void Take(nlmsghdr header, int index, ReadOnlySpan<byte> payload)
    {
        if ((header.nlmsg_flags & Nlm.NLM_F_DUMP_INTR) != 0)
            Interrupted = true;
        switch (header.nlmsg_type)
        {
            case Nlm.NLMSG_ERROR:
            case Nlm.NLMSG_DONE:
                _answered++;
                int error = payload.Length >= sizeof(int) ? -MemoryMarshal.Read<int>(payload) : 0;
                if (error > 0 && Error == 0)
                {
                    Error = error;
                    ErrorIndex = index;
                    Explanation = Explain(header, payload);
                }
                break;
            case Nlm.NLMSG_NOOP:
            case Nlm.NLMSG_OVERRUN:
                break;
            default:
                handler?.Invoke(header.nlmsg_type, payload);
                break;
        }
    }

    // nlmsgerr: the errno, the refused message (only its header when capped), then attributes.
    private static string? Explain(nlmsghdr header, ReadOnlySpan<byte> payload)
    {
        if ((header.nlmsg_flags & Nlm.NLM_F_ACK_TLVS) == 0)
            return null;
        int skip = sizeof(int);
        if (header.nlmsg_type == Nlm.NLMSG_ERROR)
        {
            if (payload.Length < skip + Unsafe.SizeOf<nlmsghdr>())
                return null;
            bool capped = (header.nlmsg_flags & Nlm.NLM_F_CAPPED) != 0;
            uint length = capped ? (uint)Unsafe.SizeOf<nlmsghdr>() : MemoryMarshal.Read<nlmsghdr>(payload[skip..]).nlmsg_len;
            if (length > payload.Length - skip)
                return null;
            skip += ((int)length + 3) & ~3;
        }
        var attributes = new NetlinkAttributes(skip < payload.Length ? payload[skip..] : []);
        while (attributes.Next())
        {
            if (attributes.Type == Nlm.NLMSGERR_ATTR_MSG)
                return attributes.Text;
        }
        return null;
    }
}
