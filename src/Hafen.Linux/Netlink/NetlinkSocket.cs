using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Hafen.Linux.Netlink;

/// <summary>
/// A socket to the kernel's routing family (rtnetlink(7)). It belongs to the network namespace it was opened in, whatever thread uses it
/// later. Not thread-safe: one exchange at a time. All calls are answered by the kernel before they return.
/// </summary>
public sealed unsafe class NetlinkSocket : IDisposable
{
    // The kernel fills a dump's datagrams up to the size of the receiver's buffer, at most 32 KiB.
    private const int ReceiveSize = 32 * 1024;
    private const int DumpAttempts = 10;

    private readonly SafeFileHandle _handle;
    private byte[]? _receive;
    private uint _sequence = 1;

    private NetlinkSocket(SafeFileHandle handle) => _handle = handle;

    /// <summary>Opens a socket in the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">The kernel gives none.</exception>
    public static NetlinkSocket Open() => Open(NetlinkCalls.NETLINK_ROUTE);

    /// <summary>Opens a socket to the kernel's firewall in the calling thread's network namespace, for <see cref="NetfilterTables"/>.</summary>
    /// <exception cref="LinuxException">The kernel gives none.</exception>
    public static NetlinkSocket OpenNetfilter() => Open(NetlinkCalls.NETLINK_NETFILTER);

    private static NetlinkSocket Open(int protocol)
    {
        int fd = NetlinkCalls.socket(NetlinkCalls.AF_NETLINK, NetlinkCalls.SOCK_RAW | NetlinkCalls.SOCK_CLOEXEC, protocol);
        if (fd < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "socket", "netlink");
        var handle = new SafeFileHandle(fd, ownsHandle: true);
        // Connected to the kernel (port 0): nobody else's messages are delivered.
        var kernel = new sockaddr_nl { nl_family = NetlinkCalls.AF_NETLINK };
        if (NetlinkCalls.connect(fd, &kernel, (uint)sizeof(sockaddr_nl)) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            handle.Dispose();
            throw new LinuxException(errno, "connect", "netlink");
        }
        // Explanations, short acknowledgements and filtered dumps are niceties: older kernels lack them.
        int on = 1;
        _ = NetlinkCalls.setsockopt(fd, NetlinkCalls.SOL_NETLINK, NetlinkCalls.NETLINK_EXT_ACK, &on, sizeof(int));
        _ = NetlinkCalls.setsockopt(fd, NetlinkCalls.SOL_NETLINK, NetlinkCalls.NETLINK_CAP_ACK, &on, sizeof(int));
        _ = NetlinkCalls.setsockopt(fd, NetlinkCalls.SOL_NETLINK, NetlinkCalls.NETLINK_GET_STRICT_CHK, &on, sizeof(int));
        return new NetlinkSocket(handle);
    }

    /// <summary>Sends the requests at once and waits until each is answered.</summary>
    /// <exception cref="NetlinkException">The kernel refused one; the first refusal is reported, the others were tried all the same.</exception>
    public void Execute(ref NetlinkBatch batch)
    {
        var replies = Exchange(ref batch, null);
        ThrowOnError(ref batch, replies);
    }

    /// <summary>Sends requests that have content as their answer. When a table changed while it was listed, <paramref name="restart"/> is called and the list begins again.</summary>
    public void Query(ref NetlinkBatch batch, NetlinkMessageHandler handler, Action restart)
    {
        for (int attempt = 1; ; attempt++)
        {
            var replies = Exchange(ref batch, handler);
            ThrowOnError(ref batch, replies);
            if (!replies.Interrupted || attempt == DumpAttempts)
                return;
            restart();
        }
    }

    /// <summary>Index of an interface in this socket's network namespace; 0 when there is none of that name. Needs no lock of the kernel's.</summary>
    public int IndexOf(string name)
    {
        var request = new ifreq();
        Encoding.UTF8.GetBytes(name, new Span<byte>(request.ifr_name, Ifla.IFNAMSIZ - 1));
        return NetlinkCalls.ioctl((int)_handle.DangerousGetHandle(), NetlinkCalls.SIOCGIFINDEX, &request) == 0 ? request.ifr_ifindex : 0;
    }

    public void Dispose() => _handle.Dispose();

    private NetlinkReplies Exchange(ref NetlinkBatch batch, NetlinkMessageHandler? handler)
    {
        ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
        int fd = (int)_handle.DangerousGetHandle();
        batch.Number(_sequence);
        var replies = new NetlinkReplies(_sequence, batch.Count, handler);
        _sequence += (uint)batch.Count;
        Send(fd, batch.Bytes);
        _receive ??= GC.AllocateUninitializedArray<byte>(ReceiveSize);
        while (!replies.Complete)
            replies.Feed(_receive.AsSpan(0, Receive(fd, _receive)));
        return replies;
    }

    private static void Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            while (NetlinkCalls.send(fd, start, (nuint)bytes.Length, 0) < 0)
            {
                int errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                    throw new LinuxException(errno, "send", "netlink");
            }
        }
    }

    private static int Receive(int fd, byte[] buffer)
    {
        fixed (byte* start = buffer)
        {
            while (true)
            {
                nint length = NetlinkCalls.recv(fd, start, (nuint)buffer.Length, NetlinkCalls.MSG_TRUNC);
                if (length > buffer.Length)
                    throw new InvalidOperationException($"the kernel sent a netlink message of {length} bytes, more than {buffer.Length}");
                if (length >= 0)
                    return (int)length;
                int errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                    throw new LinuxException(errno, "recv", "netlink");
            }
        }
    }

    private static void ThrowOnError(ref NetlinkBatch batch, NetlinkReplies replies)
    {
        if (replies.Error != 0)
            throw new NetlinkException(replies.Error, Rtm.Name(batch.TypeAt(replies.ErrorIndex)), replies.Explanation, replies.ErrorIndex);
    }
}
