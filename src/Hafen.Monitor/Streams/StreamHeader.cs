using System.Buffers.Binary;
using Hafen.Logging;

namespace Hafen.Monitor.Streams;

/// <summary>The Engine API's frame header on multiplexed streams: the stream's number, three zeros, the payload's length in big-endian.</summary>
public static class StreamHeader
{
    public const int Length = 8;

    public static void Write(Span<byte> target, LogStream stream, int payload)
    {
        target[..4].Clear();
        target[0] = (byte)stream;
        BinaryPrimitives.WriteInt32BigEndian(target[4..], payload);
    }
}
