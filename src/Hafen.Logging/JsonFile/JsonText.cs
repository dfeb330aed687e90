using System.Buffers.Text;
using System.Text;

namespace Hafen.Logging.JsonFile;

/// <summary>Undoes the escapes of a JSON string.</summary>
internal static class JsonText
{
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
            if (kind == 'u') written += Unicode(ref escaped, target[written..]);
            else target[written++] = Simple(kind);
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
        if (!TakeUnit(ref rest, out uint unit)) return Rune.ReplacementChar.EncodeToUtf8(target);
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
        if (rest.Length < 4 || !Utf8Parser.TryParse(rest[..4], out unit, out int used, 'x') || used != 4) return false;
        rest = rest[4..];
        return true;
    }
}
