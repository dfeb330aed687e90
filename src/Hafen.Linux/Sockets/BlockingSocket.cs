using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Hafen.Linux.Descriptors;
using static Hafen.Linux.Sockets.SocketCalls;

namespace Hafen.Linux.Sockets;

/// <summary>
/// A connected stream socket with plain blocking calls (unix(7), tcp(7)). The framework's own sockets start an event thread with the first
/// one, which costs a short-lived program a good part of its time and takes signals that should wait for a <c>signalfd</c>.
/// </summary>
public sealed unsafe partial class BlockingSocket : IDisposable
{
    private const int MSG_NOSIGNAL = 0x4000, MSG_PEEK = 2, MSG_DONTWAIT = 0x40, SHUT_WR = 1, SHUT_RDWR = 2;
    private int _descriptor;

    private BlockingSocket(int descriptor) => _descriptor = descriptor;

    /// <summary>The descriptor, for polling; it stays this object's.</summary>
    public int Number => _descriptor;

    /// <summary>Bytes that the kernel has taken in <see cref="Send"/>, of a call that failed, too.</summary>
    public long Sent { get; private set; }

    /// <summary>The peer has neither sent anything that is unread nor ended the connection, as far as is known here.</summary>
    public bool IsQuiet
    {
        get
        {
            byte first;
            return recv(_descriptor, &first, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && LastError is Errno.EAGAIN or Errno.EINTR;
        }
    }

    /// <summary>Connects to a unix socket.</summary>
    /// <exception cref="LinuxException">ENOENT, ECONNREFUSED: nobody listens; EACCES: not for this user; ENAMETOOLONG.</exception>
    public static BlockingSocket ConnectUnix(string path) => Connect(AF_UNIX, SocketAddress.Unix(path, "connect"), path);

    /// <summary>Connects over TCP; small writes leave at once.</summary>
    /// <exception cref="LinuxException">ECONNREFUSED, ETIMEDOUT and the like.</exception>
    public static BlockingSocket ConnectTcp(IPAddress host, int port)
    {
        var end = new IPEndPoint(host, port);
        var socket = Connect(host.AddressFamily == AddressFamily.InterNetworkV6 ? AF_INET6 : AF_INET, SocketAddress.Inet(end), $"{host}:{port}");
        int on = 1;
        setsockopt(socket._descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(int));
        return socket;
    }

    /// <summary>Waits for bytes; 0 at the end.</summary>
    /// <exception cref="LinuxException">ECONNRESET and the like.</exception>
    public int Receive(Span<byte> buffer)
    {
        while (true)
        {
            int count = RawDescriptor.Read(_descriptor, buffer);
            if (count >= 0)
                return count;
            if (count != -Errno.EINTR)
                throw new LinuxException(-count, "read");
        }
    }

    /// <summary>Sends all bytes, waiting as long as the peer lets us.</summary>
    /// <exception cref="LinuxException">EPIPE, ECONNRESET: the peer is gone.</exception>
    public void Send(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            nint count;
            fixed (byte* start = bytes)
                count = send(_descriptor, start, (nuint)bytes.Length, MSG_NOSIGNAL);
            if (count >= 0)
            {
                Sent += count;
                bytes = bytes[(int)count..];
                continue;
            }
            int errno = LastError;
            if (errno != Errno.EINTR)
                throw new LinuxException(errno, "send");
        }
    }

    /// <summary>
    /// Sends so many bytes of a file from an offset without copying them through this process (sendfile(2)). SIGPIPE must be blocked.
    /// </summary>
    /// <returns>Bytes sent; fewer than asked for when the file ended before.</returns>
    /// <exception cref="LinuxException">EPIPE, ECONNRESET: the peer is gone; EINVAL: not a file that can be sent so.</exception>
    public long SendFile(SafeHandle file, long offset, long count)
    {
        const long step = 1 << 30;
        long end = offset + count;
        long start = offset;
        while (offset < end)
        {
            nint sent = sendfile(_descriptor, (int)file.DangerousGetHandle(), &offset, (nuint)Math.Min(step, end - offset));
            if (sent == 0)
                break;
            if (sent > 0)
                continue;
            int errno = LastError;
            if (errno != Errno.EINTR)
                throw new LinuxException(errno, "sendfile");
        }
        return offset - start;
    }

    /// <summary>Ends the sending direction; the peer reads the rest and then the end.</summary>
    public void CloseSend() => shutdown(_descriptor, SHUT_WR);

    /// <summary>Ends both directions, also for another thread that waits in a call.</summary>
    public void Abort() => shutdown(_descriptor, SHUT_RDWR);

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
            RawDescriptor.Close(descriptor);
    }

    private static BlockingSocket Connect(int family, byte[] address, string name)
    {
        int made = Check(SocketCalls.socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0), "socket");
        fixed (byte* bytes = address)
        {
            while (connect(made, bytes, (uint)address.Length) != 0)
            {
                int errno = LastError;
                if (errno == Errno.EINTR)
                    continue;
                RawDescriptor.Close(made);
                throw new LinuxException(errno, "connect", name);
            }
        }
        return new BlockingSocket(made);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int target, int source, long* offset, nuint count);

    [LibraryImport("libc")]
    private static partial int shutdown(int fd, int how);
}
