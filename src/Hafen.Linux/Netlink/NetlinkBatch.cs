using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Hafen.Linux.Netlink;

/// <summary>
/// One or more netlink requests in one buffer, so that they reach the kernel in one <c>send</c>.
/// The kernel works through them in order and answers each; a failed one does not keep it from the next.
/// </summary>
public ref struct NetlinkBatch(Span<byte> buffer)
{
    private readonly Span<byte> _buffer = buffer;
    private int _length;
    private int _message;

    /// <summary>Number of requests.</summary>
    public int Count { get; private set; }

    /// <summary>The requests as they go to the kernel.</summary>
    public readonly Span<byte> Bytes => _buffer[.._length];

    /// <summary>Begins a request; attributes follow until the next one begins. <c>NLM_F_REQUEST</c> is implied, and <c>NLM_F_ACK</c> unless it is a dump.</summary>
    public void Begin<T>(ushort type, ushort flags, in T body) where T : unmanaged
    {
        _message = _length;
        Count++;
        bool dump = (flags & Nlm.NLM_F_DUMP) == Nlm.NLM_F_DUMP && (flags & Nlm.NLM_F_CREATE) == 0;
        var header = new nlmsghdr { nlmsg_type = type, nlmsg_flags = (ushort)(flags | Nlm.NLM_F_REQUEST | (dump ? 0 : Nlm.NLM_F_ACK)) };
        MemoryMarshal.Write(Take(Unsafe.SizeOf<nlmsghdr>()), in header);
        MemoryMarshal.Write(Take(Unsafe.SizeOf<T>()), in body);
        Close();
    }

    public void Attribute(ushort type, scoped ReadOnlySpan<byte> value)
    {
        var header = new nlattr { nla_len = checked((ushort)(Unsafe.SizeOf<nlattr>() + value.Length)), nla_type = type };
        MemoryMarshal.Write(Take(Unsafe.SizeOf<nlattr>()), in header);
        value.CopyTo(Take(value.Length));
        Close();
    }

    public void Attribute(ushort type, uint value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        MemoryMarshal.Write(bytes, in value);
        Attribute(type, bytes);
    }

    public void Attribute(ushort type, byte value) => Attribute(type, [value]);

    /// <summary>Adds text with its final zero.</summary>
    public void Attribute(ushort type, string value)
    {
        Span<byte> bytes = stackalloc byte[256];
        int written = Encoding.UTF8.GetBytes(value, bytes[..^1]);
        bytes[written] = 0;
        Attribute(type, bytes[..(written + 1)]);
    }

    /// <summary>Adds a structure.</summary>
    public void Raw<T>(in T value) where T : unmanaged
    {
        MemoryMarshal.Write(Take(Unsafe.SizeOf<T>()), in value);
        Close();
    }

    /// <summary>Opens an attribute that holds attributes; pass the result to <see cref="EndNested"/>.</summary>
    public int BeginNested(ushort type)
    {
        int start = _length;
        var header = new nlattr { nla_len = (ushort)Unsafe.SizeOf<nlattr>(), nla_type = (ushort)(type | Nlm.NLA_F_NESTED) };
        MemoryMarshal.Write(Take(Unsafe.SizeOf<nlattr>()), in header);
        Close();
        return start;
    }

    public readonly void EndNested(int start) =>
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer[start..], checked((ushort)(_length - start)));

    /// <summary>Numbers the requests from <paramref name="first"/> on, so that the answers can be told apart.</summary>
    public readonly void Number(uint first)
    {
        for (int offset = 0; offset < _length;)
        {
            ref var header = ref MemoryMarshal.AsRef<nlmsghdr>(_buffer[offset..]);
            header.nlmsg_seq = first++;
            offset += (int)header.nlmsg_len;
        }
    }

    /// <summary>Type of the request at a position in the batch.</summary>
    public readonly ushort TypeAt(int index)
    {
        int offset = 0;
        for (; index > 0; index--)
            offset += (int)MemoryMarshal.Read<nlmsghdr>(_buffer[offset..]).nlmsg_len;
        return MemoryMarshal.Read<nlmsghdr>(_buffer[offset..]).nlmsg_type;
    }

    // Everything in a netlink message begins on four bytes; the padding is zero.
    private Span<byte> Take(int size)
    {
        int padded = (size + 3) & ~3;
        if (padded > _buffer.Length - _length)
            throw new InvalidOperationException($"a netlink request does not fit into {_buffer.Length} bytes");
        var taken = _buffer.Slice(_length, padded);
        taken.Clear();
        _length += padded;
        return taken[..size];
    }

    private readonly void Close() => MemoryMarshal.AsRef<nlmsghdr>(_buffer[_message..]).nlmsg_len = (uint)(_length - _message);
}
