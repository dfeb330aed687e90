using System.Buffers.Binary;
using System.Text;

namespace Hafen.Monitor.Protocol;

/// <summary>
/// Builds a packet: <c>u16 type, u16 version, u32 number</c>, then the fields in order, then extensions. Integers are little-endian; strings and bytes
/// carry their length as <c>i32</c>, -1 for null. An extension is <c>u16 tag, i32 length</c> and its value; who does not know a tag skips it.
/// </summary>
/// <remarks>
/// Daemon and monitor are often of different releases: a monitor lives as long as its container, whatever becomes of the daemon. So the fields in order
/// are what they were in the first release and stay so (a test holds their bytes); everything later is an extension or a new type of message with extensions alone.
/// </remarks>
public sealed class MessageWriter
{
    /// <summary>Version of the fields in order. A peer with another one is not understood at all; the <see cref="Minor"/> is what grows.</summary>
    public const ushort Version = 1;

    /// <summary>
    /// Which requests and extensions this release knows; a monitor tells its own in <see cref="MonitorHello.ProtocolMinor"/>. 0: no extensions at all.
    /// 1: <see cref="ExtensionTag.AnswerBefore"/>, and a request that is not known is answered instead of ending the connection.
    /// 2: <see cref="ExtensionTag.LogOptions"/> and <see cref="ExtensionTag.LostLogLines"/>.
    /// </summary>
    public const int Minor = 2;

    /// <summary>Bytes before the fields.</summary>
    public const int HeaderLength = 8;

    private byte[] _buffer = new byte[256];
    private int _length;

    public MessageWriter(MessageType type, uint number)
    {
        Write((ushort)type);
        Write(Version);
        Write((int)number);
    }

    /// <summary>The packet so far.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    public void Write(byte value) => Take(1)[0] = value;

    public void Write(bool value) => Write((byte)(value ? 1 : 0));

    public void Write(int value) => BinaryPrimitives.WriteInt32LittleEndian(Take(4), value);

    public void Write(long value) => BinaryPrimitives.WriteInt64LittleEndian(Take(8), value);

    public void Write(string? value)
    {
        Write(value is null ? -1 : Encoding.UTF8.GetByteCount(value));
        if (value is not null)
            Encoding.UTF8.GetBytes(value, Take(Encoding.UTF8.GetByteCount(value)));
    }

    public void Write(ReadOnlySpan<byte> value)
    {
        Write(value.Length);
        value.CopyTo(Take(value.Length));
    }

    /// <summary>Adds an extension; after all fields.</summary>
    public void Extend(ExtensionTag tag, long value)
    {
        Write((ushort)tag);
        Write(sizeof(long));
        Write(value);
    }

    /// <summary>Adds an extension of texts; after all fields.</summary>
    public void Extend(ExtensionTag tag, ReadOnlySpan<string> texts)
    {
        Write((ushort)tag);
        int length = 0;
        foreach (string text in texts)
            length += sizeof(int) + Encoding.UTF8.GetByteCount(text);
        Write(length);
        foreach (string text in texts)
            Write(text);
    }

    private void Write(ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(Take(2), value);

    private Span<byte> Take(int count)
    {
        if (_buffer.Length - _length < count)
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        _length += count;
        return _buffer.AsSpan(_length - count, count);
    }
}
