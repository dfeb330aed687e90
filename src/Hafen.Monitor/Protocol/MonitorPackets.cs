using System.Buffers.Binary;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Linux.Sockets;

namespace Hafen.Monitor.Protocol;

/// <summary>
/// Packets on the socket. One that is larger than a socket's buffer likes travels as a memory file: its header alone is sent, the file is the last
/// descriptor and holds the whole packet.
/// </summary>
public static class MonitorPackets
{
    /// <summary>Largest packet sent inside a datagram.</summary>
    public const int InlineLimit = 32 * 1024;

    /// <summary>Largest packet of all; one above it is refused by its sender.</summary>
    public const int Limit = 64 * 1024 * 1024;

    private const ushort InFile = 0x8000;

    /// <summary>Sends a packet without waiting; 0 or a negated errno, -EMSGSIZE above <see cref="Limit"/>. The descriptors stay the caller's.</summary>
    public static int Send(int socket, ReadOnlySpan<byte> packet, params ReadOnlySpan<int> descriptors)
    {
        if (packet.Length <= InlineLimit)
            return Math.Min(0, PacketSocket.Send(socket, packet, descriptors));
        if (packet.Length > Limit)
            return -Errno.EMSGSIZE;

        int file = MemoryFile.Create("message", packet);
        try
        {
            Span<byte> header = stackalloc byte[MessageWriter.HeaderLength];
            packet[..MessageWriter.HeaderLength].CopyTo(header);
            BinaryPrimitives.WriteUInt16LittleEndian(header, (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(header) | InFile));
            return Math.Min(0, PacketSocket.Send(socket, header, [.. descriptors, file]));
        }
        finally
        {
            RawDescriptor.Close(file);
        }
    }

    /// <summary>Receives a packet without waiting.</summary>
    /// <param name="socket">The connection.</param>
    /// <param name="buffer">At least <see cref="InlineLimit"/> bytes.</param>
    /// <param name="packet">The packet: in the buffer, or in memory of its own.</param>
    /// <param name="descriptors">Receives descriptors, which are the caller's.</param>
    /// <param name="count">How many descriptors.</param>
    /// <returns>The packet's length, 0 when the peer is gone, or a negated errno.</returns>
    public static int Receive(int socket, Span<byte> buffer, out ReadOnlySpan<byte> packet, scoped Span<int> descriptors, out int count)
    {
        packet = default;
        int length = PacketSocket.Receive(socket, buffer, descriptors, out count);
        if (length <= 0)
            return length;
        packet = buffer[..length];
        if (length < MessageWriter.HeaderLength || (BinaryPrimitives.ReadUInt16LittleEndian(packet) & InFile) == 0)
            return length;
        if (count == 0)
            return -Errno.EINVAL;
        int file = descriptors[--count];
        try
        {
            packet = MemoryFile.ReadAll(file, Limit);
            return packet.Length;
        }
        catch (LinuxException exception)
        {
            return -exception.Number;
        }
        finally
        {
            RawDescriptor.Close(file);
        }
    }
}
