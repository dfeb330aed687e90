using System.Text;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Processes;

namespace Hafen.Linux.Terminals;

/// <summary>Hands a terminal's master to whoever listens on a unix socket, as runc's <c>--console-socket</c> does.</summary>
public static unsafe class ConsoleSocket
{
    /// <summary>Connects, sends the descriptor with the terminal's name, and closes.</summary>
    /// <exception cref="LinuxException">Nobody listens, or the path is too long.</exception>
    public static void Send(string path, int master, string name)
    {
        const int AF_UNIX = 1, SOCK_STREAM = 1, SOCK_CLOEXEC = 0x80000, SOL_SOCKET = 1, SCM_RIGHTS = 1, MSG_NOSIGNAL = 0x4000, PathRoom = 108;
        byte[] bytes = Encoding.UTF8.GetBytes(path);
        if (bytes.Length >= PathRoom)
            throw new LinuxException(Errno.ENAMETOOLONG, "connect", path);
        using var socket = new Descriptor((int)Check(SystemCall.Call(SystemCall.socket, AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC), "socket", path));
        byte* address = stackalloc byte[2 + PathRoom];
        new Span<byte>(address, 2 + PathRoom).Clear();
        *(ushort*)address = AF_UNIX;
        bytes.CopyTo(new Span<byte>(address + 2, PathRoom));
        Check(SystemCall.Call(SystemCall.connect, socket.Number, (nint)address, 2 + bytes.Length + 1), "connect", path);

        fixed (byte* text = Encoding.UTF8.GetBytes(name))
        {
            // struct iovec; struct cmsghdr with one descriptor; struct msghdr.
            nint* vector = stackalloc nint[] { (nint)text, Encoding.UTF8.GetByteCount(name) };
            long* control = stackalloc long[3];
            control[0] = 20;
            ((int*)control)[2] = SOL_SOCKET;
            ((int*)control)[3] = SCM_RIGHTS;
            control[2] = 0;
            ((int*)control)[4] = master;
            nint* header = stackalloc nint[] { 0, 0, (nint)vector, 1, (nint)control, 24, 0 };
            Check(SystemCall.Call(SystemCall.sendmsg, socket.Number, (nint)header, MSG_NOSIGNAL), "sendmsg", path);
        }
    }

    private static nint Check(nint result, string call, string subject) =>
        result >= 0 ? result : throw new LinuxException((int)-result, call, subject);
}
