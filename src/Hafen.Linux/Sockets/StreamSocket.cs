using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.Descriptors;

namespace Hafen.Linux.Sockets;

/// <summary>
/// A connected stream socket with plain blocking calls (unix(7), tcp(7)). The framework's own sockets start an event thread with the first
/// one, which costs a short-lived program a good part of its time and takes signals that should wait for a <c>signalfd</c>.
/// </summary>
public sealed unsafe partial class StreamSocket : IDisposable
{
    private const int AF_UNIX = 1, AF_INET = 2, AF_INET6 = 10, SOCK_STREAM = 1, SOCK_CLOEXEC = 0x80000;
    private const int IPPROTO_TCP = 6, TCP_NODELAY = 1, MSG_NOSIGNAL = 0x4000, SHUT_WR = 1, SHUT_RDWR = 2;
    private const int sun_path = 108, sockaddr_un = 110, sockaddr_in = 16, sockaddr_in6 = 28;
    private int _descriptor;

    private StreamSocket(int descriptor) => _descriptor = descriptor;

    /// <summary>The descriptor, for polling; it stays this object's.</summary>
    public int Number => _descriptor;

    /// <summary>Connects to a unix socket.</summary>
    /// <exception cref="LinuxException">ENOENT, ECONNREFUSED: nobody listens; EACCES: not for this user; ENAMETOOLONG.</exception>
    public static StreamSocket ConnectUnix(string path)
    {
        var length = Encoding.UTF8.GetByteCount(path);
        if (length >= sun_path)
            throw new LinuxException(Errno.ENAMETOOLONG, "connect", path);
        var address = stackalloc byte[sockaddr_un];
        new Span<byte>(address, sockaddr_un).Clear();
        *(ushort*)address = AF_UNIX;
        Encoding.UTF8.GetBytes(path, new Span<byte>(address + 2, sun_path));
        return Connect(AF_UNIX, address, sockaddr_un, path);
    }

    /// <summary>Connects over TCP; small writes leave at once.</summary>
    /// <exception cref="LinuxException">ECONNREFUSED, ETIMEDOUT and the like.</exception>
    public static StreamSocket ConnectTcp(IPAddress host, int port)
    {
        var address = stackalloc byte[sockaddr_in6];
        new Span<byte>(address, sockaddr_in6).Clear();
        var six = host.AddressFamily == AddressFamily.InterNetworkV6;
        *(ushort*)address = (ushort)(six ? AF_INET6 : AF_INET);
        BinaryPrimitives.WriteUInt16BigEndian(new Span<byte>(address + 2, 2), (ushort)port);
        host.TryWriteBytes(new Span<byte>(address + (six ? 8 : 4), six ? 16 : 4), out _);
        if (six)
            *(uint*)(address + 24) = (uint)host.ScopeId;
        var socket = Connect(six ? AF_INET6 : AF_INET, address, six ? sockaddr_in6 : sockaddr_in, $"{host}:{port}");
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
            var count = RawDescriptor.Read(_descriptor, buffer);
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
                bytes = bytes[(int)count..];
                continue;
            }
            var errno = Marshal.GetLastPInvokeError();
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
        var end = offset + count;
        var start = offset;
        while (offset < end)
        {
            var sent = sendfile(_descriptor, (int)file.DangerousGetHandle(), &offset, (nuint)Math.Min(step, end - offset));
            if (sent == 0)
                break;
            if (sent > 0)
                continue;
            var errno = Marshal.GetLastPInvokeError();
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
        var descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
            RawDescriptor.Close(descriptor);
    }

    private static StreamSocket Connect(int family, byte* address, int length, string name)
    {
        var made = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (made < 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "socket");
        while (connect(made, address, (uint)length) != 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno == Errno.EINTR)
                continue;
            RawDescriptor.Close(made);
            throw new LinuxException(errno, "connect", name);
        }
        return new StreamSocket(made);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int fd, byte* address, uint length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int fd, byte* buffer, nuint count, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint sendfile(int target, int source, long* offset, nuint count);

    [LibraryImport("libc")]
    private static partial int shutdown(int fd, int how);

    [LibraryImport("libc")]
    private static partial int setsockopt(int fd, int level, int option, void* value, uint length);
}
