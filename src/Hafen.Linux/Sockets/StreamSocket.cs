using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using static Hafen.Linux.Sockets.SocketCalls;

namespace Hafen.Linux.Sockets;

/// <summary>
/// An owned, non-blocking stream socket (unix or TCP). Unlike <see cref="System.Net.Sockets.Socket"/> it never calls shutdown(2) by itself:
/// closing it only closes this descriptor, so a copy that was sent to another process keeps working.
/// </summary>
public sealed unsafe class StreamSocket : SafeHandleZeroOrMinusOneIsInvalid
{
    /// <summary>What <see cref="TryRead"/> and <see cref="TryWrite"/> answer when the socket is not ready.</summary>
    public const int WouldBlock = -1;

    /// <summary>Takes over a descriptor.</summary>
    public StreamSocket(int descriptor) : base(ownsHandle: true) => SetHandle(descriptor);

    /// <summary>The number of the descriptor, valid while this object is.</summary>
    public int Descriptor => (int)handle;

    /// <summary>Makes a listening unix socket; the path must not exist.</summary>
    public static StreamSocket ListenUnix(string path, int backlog)
    {
        var socket = new StreamSocket(Check(SocketCalls.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "socket"));
        return socket.Listen(SocketAddress.Unix(path, "bind"), path, backlog);
    }

    /// <summary>Makes a listening TCP socket; port 0 lets the kernel choose (see <see cref="LocalEndPoint"/>).</summary>
    public static StreamSocket ListenTcp(IPEndPoint endPoint, int backlog)
    {
        bool six = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        var socket = new StreamSocket(Check(SocketCalls.socket(six ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_TCP), "socket"));
        socket.SetOption(SOL_SOCKET, SO_REUSEADDR, 1);
        if (six)
            socket.SetOption(IPPROTO_IPV6, IPV6_V6ONLY, endPoint.Address.Equals(IPAddress.IPv6Any) ? 0 : 1);
        return socket.Listen(SocketAddress.Inet(endPoint), endPoint.ToString(), backlog);
    }

    /// <summary>Takes over a listening descriptor that was inherited (sd_listen_fds(3)).</summary>
    public static StreamSocket FromListening(int descriptor)
    {
        int listening = 0;
        uint length = sizeof(int);
        Check(getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &length), "getsockopt", $"descriptor {descriptor}");
        if (listening == 0)
            throw new LinuxException(Errno.EINVAL, "accept", $"descriptor {descriptor}");
        var socket = new StreamSocket(descriptor);
        Descriptors.RawDescriptor.SetNonBlocking(descriptor);
        return socket;
    }

    /// <summary>Connects to a unix socket.</summary>
    public static StreamSocket ConnectUnix(string path)
    {
        var socket = new StreamSocket(Check(SocketCalls.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket"));
        byte[] address = SocketAddress.Unix(path, "connect");
        fixed (byte* a = address)
        {
            if (connect(socket.Descriptor, a, (uint)address.Length) < 0)
            {
                int errno = LastError;
                socket.Dispose();
                throw new LinuxException(errno, "connect", path);
            }
        }
        Descriptors.RawDescriptor.SetNonBlocking(socket.Descriptor);
        return socket;
    }

    /// <summary>Two connected unix stream sockets.</summary>
    public static (StreamSocket First, StreamSocket Second) Pair()
    {
        int* pair = stackalloc int[2];
        Check(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), "socketpair");
        return (new StreamSocket(pair[0]), new StreamSocket(pair[1]));
    }

    /// <summary>Address of a TCP socket's own end; null for unix sockets.</summary>
    public IPEndPoint? LocalEndPoint
    {
        get
        {
            byte* address = stackalloc byte[SocketAddress.MaxLength];
            uint length = SocketAddress.MaxLength;
            Check(getsockname(Descriptor, address, &length), "getsockname");
            return SocketAddress.ToInet(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddress.MaxLength)));
        }
    }

    /// <summary>Whether this is a unix socket.</summary>
    public bool IsUnix
    {
        get
        {
            int domain = 0;
            uint length = sizeof(int);
            return getsockopt(Descriptor, SOL_SOCKET, SO_DOMAIN, &domain, &length) == 0 && domain == AF_UNIX;
        }
    }

    /// <summary>Accepts one connection; null when none waits.</summary>
    /// <param name="remote">The peer's address, null for unix sockets.</param>
    /// <exception cref="LinuxException">Out of descriptors or memory, or the listener is broken.</exception>
    public StreamSocket? TryAccept(out IPEndPoint? remote)
    {
        byte* address = stackalloc byte[SocketAddress.MaxLength];
        while (true)
        {
            uint length = SocketAddress.MaxLength;
            int accepted = accept4(Descriptor, address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
            if (accepted >= 0)
            {
                var socket = new StreamSocket(accepted);
                remote = SocketAddress.ToInet(new ReadOnlySpan<byte>(address, (int)Math.Min(length, SocketAddress.MaxLength)));
                if (remote is not null)
                    socket.SetOption(IPPROTO_TCP, TCP_NODELAY, 1);
                return socket;
            }
            switch (LastError)
            {
                case Errno.EINTR or ECONNABORTED:
                    continue;
                case Errno.EAGAIN:
                    remote = null;
                    return null;
                case int errno:
                    throw new LinuxException(errno, "accept4");
            }
        }
    }

    /// <summary>Reads what is there: the count, 0 at the end of input, <see cref="WouldBlock"/> when nothing is there yet.</summary>
    public int TryRead(Span<byte> buffer)
    {
        while (true)
        {
            int read = Descriptors.RawDescriptor.Receive(Descriptor, buffer);
            if (read >= 0)
                return read;
            if (read == -Errno.EAGAIN)
                return WouldBlock;
            if (read != -Errno.EINTR)
                throw new LinuxException(-read, "recv");
        }
    }

    /// <summary>Writes as much as fits: the count, or <see cref="WouldBlock"/>.</summary>
    public int TryWrite(ReadOnlySpan<byte> buffer)
    {
        while (true)
        {
            int written = Descriptors.RawDescriptor.Send(Descriptor, buffer);
            if (written >= 0)
                return written;
            if (written == -Errno.EAGAIN)
                return WouldBlock;
            if (written != -Errno.EINTR)
                throw new LinuxException(-written, "send");
        }
    }

    /// <summary>Whether the peer of a unix socket has read everything that was written (SIOCOUTQ). Each such reading makes the socket writable anew.</summary>
    public bool PeerHasRead
    {
        get
        {
            int queued = 0;
            // Whole buffers are counted, each with bookkeeping that is larger than this alone; one that is just being freed still counts for a byte.
            return ioctl(Descriptor, SIOCOUTQ, &queued) < 0 || queued < SmallestBuffer;
        }
    }

    /// <summary>Ends the output half: the peer reads the end of the stream after what was written. Neither a peer that is gone nor a socket that is closed is an error.</summary>
    public void EndOutput()
    {
        bool held = false;
        try
        {
            DangerousAddRef(ref held);
            Descriptors.RawDescriptor.ShutdownSend(Descriptor);
        }
        catch (ObjectDisposedException)
        {
            // Closed already; its number may be another connection's by now.
        }
        finally
        {
            if (held)
                DangerousRelease();
        }
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => close((int)handle) == 0;

    private const int ECONNABORTED = 103;
    private const int SmallestBuffer = 256;

    private StreamSocket Listen(byte[] address, string subject, int backlog)
    {
        try
        {
            fixed (byte* a = address)
                Check(bind(Descriptor, a, (uint)address.Length), "bind", subject);
            Check(listen(Descriptor, backlog), "listen", subject);
            return this;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void SetOption(int level, int name, int value)
        => Check(setsockopt(Descriptor, level, name, &value, sizeof(int)), "setsockopt");
}
