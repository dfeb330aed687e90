using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Hafen.Linux.Netlink;

/// <summary>Walks the attributes of a netlink message or of a nested attribute. Whatever does not fit any more ends the walk.</summary>
public ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Type of the current attribute, without its flags.</summary>
    public ushort Type { get; private set; }

    /// <summary>Value of the current attribute.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Attributes of a message that begins with the structure <typeparamref name="T"/>.</summary>
    public static NetlinkAttributes After<T>(ReadOnlySpan<byte> payload) where T : unmanaged
    {
        int size = (Unsafe.SizeOf<T>() + 3) & ~3;
        return new NetlinkAttributes(payload.Length <= size ? [] : payload[size..]);
    }

    public bool Next()
    {
        if (_rest.Length < Unsafe.SizeOf<nlattr>())
            return false;
        var header = MemoryMarshal.Read<nlattr>(_rest);
        if (header.nla_len < Unsafe.SizeOf<nlattr>() || header.nla_len > _rest.Length)
            return false;
        Type = (ushort)(header.nla_type & Nlm.NLA_TYPE_MASK);
        Value = _rest[Unsafe.SizeOf<nlattr>()..header.nla_len];
        _rest = _rest[Math.Min(_rest.Length, (header.nla_len + 3) & ~3)..];
        return true;
    }

    /// <summary>The value as a number in the machine's byte order; 0 when it is shorter.</summary>
    public readonly uint UInt32 => Value.Length >= sizeof(uint) ? MemoryMarshal.Read<uint>(Value) : 0;

    /// <summary>The value as text, up to its zero.</summary>
    public readonly string Text
    {
        get
        {
            int zero = Value.IndexOf((byte)0);
            return Encoding.UTF8.GetString(zero < 0 ? Value : Value[..zero]);
        }
    }
}
