using System.Buffers.Binary;
using System.Text;

namespace Hafen.Monitor.Protocol;

/// <summary>
/// Reads what a <see cref="MessageWriter"/> wrote, of this release or another. A packet that ends early or is of another version is an
/// <see cref="InvalidDataException"/>; extensions that are not known are skipped.
/// </summary>
public ref struct MessageReader
{
    private ReadOnlySpan<byte> _rest;

    /// <exception cref="InvalidDataException">No packet of this protocol's version.</exception>
    public MessageReader(ReadOnlySpan<byte> packet)
    {
        _rest = packet;
        Type = (MessageType)BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
        if (version != MessageWriter.Version)
            throw new InvalidDataException($"monitor protocol version {version}, expected {MessageWriter.Version}");
        Number = (uint)ReadInt32();
    }

    public MessageType Type { get; }

    /// <summary>Which request, or which event.</summary>
    public uint Number { get; }

    public byte ReadByte() => Take(1)[0];

    public bool ReadBoolean() => ReadByte() != 0;

    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string? ReadOptionalString()
    {
        int length = ReadInt32();
        return length < 0 ? null : Encoding.UTF8.GetString(Take(length));
    }

    public string ReadString() => ReadOptionalString() ?? throw new InvalidDataException("null in place of a string");

    public byte[] ReadBytes() => Take(ReadInt32()).ToArray();

    /// <summary>A count of elements that each take at least a byte, so that a broken count cannot ask for more memory than the packet has.</summary>
    public int ReadCount()
    {
        int count = ReadInt32();
        return count >= 0 && count <= _rest.Length ? count : throw new InvalidDataException("element count out of range");
    }

    /// <summary>The extension of this tag as a number; null when the peer sent none. To be called after all fields have been read.</summary>
    public long? FindExtension(ExtensionTag tag)
    {
        long? found = default(long?);
        var here = _rest;
        while (!_rest.IsEmpty)
        {
            var next = (ExtensionTag)BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
            var value = Take(ReadInt32());
            if (next == tag && value.Length == sizeof(long))
                found = BinaryPrimitives.ReadInt64LittleEndian(value);
        }
        _rest = here;
        return found;
    }

    /// <summary>The texts of the extension of this tag; none when the peer sent none. To be called after all fields have been read.</summary>
    public string[] FindTexts(ExtensionTag tag)
    {
        List<string>? found = null;
        var here = _rest;
        while (!_rest.IsEmpty)
        {
            var next = (ExtensionTag)BinaryPrimitives.ReadUInt16LittleEndian(Take(2));
            var value = Take(ReadInt32());
            if (next != tag)
                continue;
            var behind = _rest;
            _rest = value;
            found = [];
            while (!_rest.IsEmpty)
                found.Add(ReadString());
            _rest = behind;
        }
        _rest = here;
        return found is null ? [] : [.. found];
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > _rest.Length)
            throw new InvalidDataException("message cut off");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}
