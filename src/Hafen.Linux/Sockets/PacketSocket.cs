using System.Runtime.InteropServices;
using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Descriptors;
using static Hafen.Linux.Sockets.SocketCalls;

namespace Hafen.Linux.Sockets;

/// <summary>
/// Unix sockets that keep message borders (SOCK_SEQPACKET, unix(7)): one send is one receive, and descriptors travel with a message (SCM_RIGHTS).
/// All descriptors are close-on-exec; results below zero are negated errnos.
/// </summary>
public static unsafe partial class PacketSocket
{
    private const int SCM_RIGHTS = 1;
    private const int MSG_DONTWAIT = 0x40, MSG_NOSIGNAL = 0x4000, MSG_CMSG_CLOEXEC = 0x40000000, MSG_TRUNC = 0x20, MSG_CTRUNC = 0x8;
    private const int sun_path = 108, cmsghdr = 16;

    /// <summary>Descriptors one message may carry.</summary>
    public const int MaximumDescriptors = 4;

    /// <summary>Two connected sockets.</summary>
    public static (int First, int Second) CreatePair()
    {
        int* pair = stackalloc int[2];
        if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0)
            throw new LinuxException(Marshal.GetLastPInvokeError(), "socketpair");
        return (pair[0], pair[1]);
    }

    /// <summary>
    /// Listens at a path that only its owner may connect to. A leftover of that name is replaced.
    /// A path longer than the kernel's 107 bytes is reached through its folder's descriptor.
    /// </summary>
    public static int Listen(string path)
    {
        File.Delete(path);
        int listener = Open();
        using var address = new Address(path);

        // The socket's file takes its mode from the socket's inode, so it is never open to others, not even for a moment.
        if (fchmod(listener, 0x180) != 0 || bind(listener, address.Pointer, address.Length) != 0 || listen(listener, 16) != 0)
        {
            int errno = Marshal.GetLastPInvokeError();
            RawDescriptor.Close(listener);
            throw new LinuxException(errno, "bind", path);
        }
        return listener;
    }

    /// <summary>
    /// Connects to a listener; a negated errno when nobody is there, -EAGAIN when the listener has not taken those that connected before and its queue is full.
    /// Never waits.
    /// </summary>
    public static int Connect(string path)
    {
        int socket = Open(SOCK_NONBLOCK);
        using var address = new Address(path);
        if (connect(socket, address.Pointer, address.Length) == 0)
            return socket;
        int errno = Marshal.GetLastPInvokeError();
        RawDescriptor.Close(socket);
        return -errno;
    }

    /// <summary>Takes a waiting connection, or a negated errno.</summary>
    public static int Accept(int listener)
    {
        int accepted = accept4(listener, null, null, SOCK_CLOEXEC);
        return accepted >= 0 ? accepted : -Marshal.GetLastPInvokeError();
    }

    /// <summary>Sends one message with descriptors; they stay the caller's.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> message, ReadOnlySpan<int> descriptors, bool wait = false)
    {
        if (descriptors.Length > MaximumDescriptors)
            throw new ArgumentException("too many descriptors", nameof(descriptors));
        byte* control = stackalloc byte[cmsghdr + MaximumDescriptors * sizeof(int)];
        fixed (byte* start = message)
        {
            var part = new RawDescriptor.iovec { iov_base = start, iov_len = (nuint)message.Length };
            var header = new RawDescriptor.msghdr { msg_iov = &part, msg_iovlen = 1 };
            if (!descriptors.IsEmpty)
            {
                int length = cmsghdr + descriptors.Length * sizeof(int);
                *(nuint*)control = (nuint)length;
                ((int*)control)[2] = SOL_SOCKET;
                ((int*)control)[3] = SCM_RIGHTS;
                descriptors.CopyTo(new Span<int>(control + cmsghdr, descriptors.Length));
                header.msg_control = control;
                header.msg_controllen = (nuint)(length + 7 & ~7);
            }
            nint sent;
            do
                sent = RawDescriptor.sendmsg(socket, &header, (wait ? 0 : MSG_DONTWAIT) | MSG_NOSIGNAL);
            while (sent < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            return sent >= 0 ? (int)sent : -Marshal.GetLastPInvokeError();
        }
    }

    /// <summary>
    /// Receives one message; 0 means the peer is gone, a negated errno a failure (EMSGSIZE: it did not fit, its descriptors are closed).
    /// The descriptors received are the caller's.
    /// </summary>
    public static int Receive(int socket, Span<byte> buffer, scoped Span<int> descriptors, out int descriptorCount, bool wait = false)
    {
        descriptorCount = 0;
        const int room = cmsghdr + MaximumDescriptors * sizeof(int);
        byte* control = stackalloc byte[room];
        fixed (byte* start = buffer)
        {
            var part = new RawDescriptor.iovec { iov_base = start, iov_len = (nuint)buffer.Length };
            var header = new RawDescriptor.msghdr { msg_iov = &part, msg_iovlen = 1, msg_control = control, msg_controllen = room };
            nint received;
            do
                received = RawDescriptor.recvmsg(socket, &header, (wait ? 0 : MSG_DONTWAIT) | MSG_CMSG_CLOEXEC);
            while (received < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
            if (received < 0)
                return -Marshal.GetLastPInvokeError();

            if (header.msg_controllen >= cmsghdr && ((int*)control)[2] == SOL_SOCKET && ((int*)control)[3] == SCM_RIGHTS)
            {
                int count = (int)((*(nuint*)control - cmsghdr) / sizeof(int));
                bool fit = (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 && count <= descriptors.Length;
                for (int i = 0; i < count; i++)
                {
                    int descriptor = ((int*)(control + cmsghdr))[i];
                    if (fit)
                        descriptors[descriptorCount++] = descriptor;
                    else
                        RawDescriptor.Close(descriptor);
                }
                if (!fit)
                    return -Errno.EMSGSIZE;
            }
            return (header.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) == 0 ? (int)received : -Errno.EMSGSIZE;
        }
    }

    /// <summary>Asks for a larger send buffer; the kernel clamps it to its own limit.</summary>
    public static void SetSendBuffer(int socket, int bytes) => setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(int));

    /// <summary>Pid of the process at the other end when it connected, 0 when unknown.</summary>
    public static int PeerPid(int socket)
    {
        int* credentials = stackalloc int[3]; // struct ucred: pid, uid, gid
        uint length = 12;
        return getsockopt(socket, SOL_SOCKET, SO_PEERCRED, credentials, &length) == 0 ? credentials[0] : 0;
    }

    private static int Open(int flags = 0)
    {
        int made = SocketCalls.socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
        return made >= 0 ? made : throw new LinuxException(Marshal.GetLastPInvokeError(), "socket");
    }

    /// <summary>A <c>sockaddr_un</c>.</summary>
    private sealed class Address : IDisposable
    {
        private readonly Descriptor? _folder;

        public Address(string path)
        {
            byte[] bytes = Encoding.UTF8.GetBytes(path);
            if (bytes.Length >= sun_path)
            {
                _folder = Files.Open(Path.GetDirectoryName(path)!, OpenFlags.O_DIRECTORY | OpenFlags.O_PATH);
                bytes = Encoding.UTF8.GetBytes($"/proc/self/fd/{_folder.Number}/{Path.GetFileName(path)}");
                if (bytes.Length >= sun_path)
                    throw new LinuxException(Errno.ENAMETOOLONG, "bind", path);
            }
            Pointer = (byte*)NativeMemory.AllocZeroed(2 + sun_path);
            *(ushort*)Pointer = AF_UNIX;
            bytes.CopyTo(new Span<byte>(Pointer + 2, sun_path));
            Length = (uint)(2 + bytes.Length + 1);
        }

        public byte* Pointer { get; }
        public uint Length { get; }

        public void Dispose()
        {
            NativeMemory.Free(Pointer);
            _folder?.Dispose();
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int fchmod(int fd, uint mode);
}
