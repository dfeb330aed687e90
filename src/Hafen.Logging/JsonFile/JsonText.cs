using System.Buffers;
using System.Buffers.Text;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;

namespace Hafen.Logging.JsonFile;

/// <summary>
/// The inside of a JSON string. Escaped it is byte for byte what Docker's json-file driver writes: <c>\n</c> and <c>\r</c> short, every
/// other control character and <c>&lt; &gt; &amp;</c> as <c>\u00xx</c>, U+2028 and U+2029 escaped, a byte that is no UTF-8 as <c>\ufffd</c>. All that JSON
/// allows is read.
/// </summary>
internal static class JsonText
{
    /// <summary>Most bytes that one byte can become.</summary>
    public const int Expansion = 6;

    /// <summary>Writes the escaped text; the target must hold <see cref="Expansion"/> times the source.</summary>
    /// <returns>Bytes written.</returns>
    public static int Escape(ReadOnlySpan<byte> source, Span<byte> target)
    {
        int written = 0;
        while (!source.IsEmpty)
        {
            int plain = CopyPlain(source, target[written..]);
            written += plain;
            source = source[plain..];

            // Escapes and non-ASCII text come in runs, so look at them one by one before searching again.
            while (!source.IsEmpty && !IsPlain(source[0]))
            {
                source = source[0] < 0x80
                    ? source[WriteAscii(source[0], target, ref written)..]
                    : source[WriteRune(source, target, ref written)..];
            }
        }
        return written;
    }

    private static bool IsPlain(byte value) => value is >= 0x20 and < 0x80 and not ((byte)'"' or (byte)'\\' or (byte)'<' or (byte)'>' or (byte)'&');

    /// <summary>
    /// Copies up to the first byte that is not plain, looking for it on the way. The framework's search for a set of bytes needs instructions that a portable
    /// executable may not assume; these comparisons every processor has.
    /// </summary>
    private static int CopyPlain(ReadOnlySpan<byte> source, Span<byte> target)
    {
        ref byte from = ref MemoryMarshal.GetReference(source);
        ref byte to = ref MemoryMarshal.GetReference(target[..source.Length]);
        int at = 0;
        var space = Vector128.Create((sbyte)0x20);
        for (; at <= source.Length - Vector128<byte>.Count; at += Vector128<byte>.Count)
        {
            var bytes = Vector128.LoadUnsafe(ref from, (nuint)at);
            bytes.StoreUnsafe(ref to, (nuint)at);

            // As signed numbers both control characters and everything beyond ASCII are less than a space. '<' and '>' differ in one bit, '"' and '&' too.
            var special = Vector128.LessThan(bytes.AsSByte(), space).AsByte()
                | Vector128.Equals(bytes | Vector128.Create((byte)0x02), Vector128.Create((byte)'>'))
                | Vector128.Equals(bytes | Vector128.Create((byte)0x04), Vector128.Create((byte)'&'))
                | Vector128.Equals(bytes, Vector128.Create((byte)'\\'));
            if (special != Vector128<byte>.Zero)
                return at + BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
        }
        for (; at < source.Length && IsPlain(source[at]); at++)
            target[at] = source[at];
        return at;
    }

    private static int WriteAscii(byte value, Span<byte> target, ref int written)
    {
        var to = target[written..];
        to[0] = (byte)'\\';
        switch (value)
        {
            case (byte)'"' or (byte)'\\':
                to[1] = value;
                written += 2;
                break;
            case (byte)'\n':
                to[1] = (byte)'n';
                written += 2;
                break;
            case (byte)'\r':
                to[1] = (byte)'r';
                written += 2;
                break;
            default:
                to[1] = (byte)'u';
                to[2] = (byte)'0';
                to[3] = (byte)'0';
                to[4] = Hex(value >> 4);
                to[5] = Hex(value & 15);
                written += 6;
                break;
        }
        return 1;
    }

    private static int WriteRune(ReadOnlySpan<byte> source, Span<byte> target, ref int written)
    {
        var to = target[written..];
        if (Rune.DecodeFromUtf8(source, out var rune, out int length) != OperationStatus.Done)
        {
            // Go replaces each byte of a broken sequence by itself, so only one is consumed.
            "\\ufffd"u8.CopyTo(to);
            written += 6;
            return 1;
        }
        if (rune.Value is 0x2028 or 0x2029)
        {
            "\\u202"u8.CopyTo(to);
            to[5] = Hex(rune.Value & 15);
            written += 6;
            return length;
        }
        source[..length].CopyTo(to);
        written += length;
        return length;
    }

    private static byte Hex(int digit) => (byte)(digit < 10 ? '0' + digit : 'a' + digit - 10);

    /// <summary>Writes the plain text; it is never longer than the escaped one.</summary>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> escaped, Span<byte> target)
    {
        int written = 0;
        while (true)
        {
            int plain = escaped.IndexOf((byte)'\\');
            if (plain < 0 || plain + 1 >= escaped.Length)
            {
                escaped.CopyTo(target[written..]);
                return written + escaped.Length;
            }
            escaped[..plain].CopyTo(target[written..]);
            written += plain;
            byte kind = escaped[plain + 1];
            escaped = escaped[(plain + 2)..];
            if (kind == 'u')
                written += Unicode(ref escaped, target[written..]);
            else
                target[written++] = Simple(kind);
        }
    }

    private static byte Simple(byte kind) => kind switch
    {
        (byte)'n' => (byte)'\n',
        (byte)'r' => (byte)'\r',
        (byte)'t' => (byte)'\t',
        (byte)'b' => (byte)'\b',
        (byte)'f' => (byte)'\f',
        _ => kind,
    };

    private static int Unicode(ref ReadOnlySpan<byte> rest, Span<byte> target)
    {
        if (!TakeUnit(ref rest, out uint unit))
            return Rune.ReplacementChar.EncodeToUtf8(target);
        if (char.IsHighSurrogate((char)unit) && rest.StartsWith("\\u"u8))
        {
            var behind = rest[2..];
            if (TakeUnit(ref behind, out uint low) && char.IsLowSurrogate((char)low))
            {
                rest = behind;
                return new Rune((char)unit, (char)low).EncodeToUtf8(target);
            }
        }
        return (Rune.TryCreate(unit, out var rune) ? rune : Rune.ReplacementChar).EncodeToUtf8(target);
    }

    private static bool TakeUnit(ref ReadOnlySpan<byte> rest, out uint unit)
    {
        unit = 0;
        if (rest.Length < 4 || !Utf8Parser.TryParse(rest[..4], out unit, out int used, 'x') || used != 4)
            return false;
        rest = rest[4..];
        return true;
    }
}
