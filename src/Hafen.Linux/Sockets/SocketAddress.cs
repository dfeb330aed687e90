using System.Buffers.Binary;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;

namespace Hafen.Linux.Sockets;

/// <summary>Socket addresses as bytes: <c>sockaddr_un</c> (unix(7)), <c>sockaddr_in</c> (ip(7)) and <c>sockaddr_in6</c> (ipv6(7)).</summary>
internal static class SocketAddress
{
    /// <summary>Room for every address family used here.</summary>
    internal const int MaxLength = 128;

    private const int PathOffset = 2;
    private const int MaxPath = 107;

    /// <param name="path">The socket's file.</param>
    /// <param name="call">The call the address is for, named in the error.</param>
    /// <exception cref="LinuxException">ENAMETOOLONG; EINVAL for a name with a null byte, which would be no file but an abstract socket.</exception>
    internal static byte[] Unix(string path, string call)
    {
        int length = Encoding.UTF8.GetByteCount(path);
        if (length is 0 or > MaxPath)
            throw new LinuxException(Errno.ENAMETOOLONG, call, path);
        if (path.Contains('\0'))
            throw new LinuxException(Errno.EINVAL, call, path);
        byte[] address = new byte[PathOffset + length + 1];
        MemoryMarshal.Write(address, (ushort)SocketCalls.AF_UNIX);
        Encoding.UTF8.GetBytes(path, address.AsSpan(PathOffset));
        return address;
    }

    internal static byte[] Inet(IPEndPoint endPoint)
    {
        bool six = endPoint.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6;
        byte[] address = new byte[six ? 28 : 16];
        MemoryMarshal.Write(address, (ushort)(six ? SocketCalls.AF_INET6 : SocketCalls.AF_INET));
        BinaryPrimitives.WriteUInt16BigEndian(address.AsSpan(2), (ushort)endPoint.Port);
        endPoint.Address.TryWriteBytes(address.AsSpan(six ? 8 : 4), out _);
        if (six)
            MemoryMarshal.Write(address.AsSpan(24), (uint)endPoint.Address.ScopeId);
        return address;
    }

    /// <summary>The IP endpoint in an address, or null for another family.</summary>
    internal static IPEndPoint? ToInet(ReadOnlySpan<byte> address)
    {
        if (address.Length < 2)
            return null;
        int port = address.Length >= 4 ? BinaryPrimitives.ReadUInt16BigEndian(address[2..]) : 0;
        return MemoryMarshal.Read<ushort>(address) switch
        {
            SocketCalls.AF_INET when address.Length >= 16 => new IPEndPoint(new IPAddress(address.Slice(4, 4)), port),
            SocketCalls.AF_INET6 when address.Length >= 28 => new IPEndPoint(new IPAddress(address.Slice(8, 16)), port),
            _ => null,
        };
    }
}
