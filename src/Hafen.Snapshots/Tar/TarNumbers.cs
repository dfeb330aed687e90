using System.Buffers.Text;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Tar;

/// <summary>The ways tar writes numbers and times.</summary>
internal static class TarNumbers
{
    /// <summary>A header field: octal text, or base 256 with the first bit set, which may be negative.</summary>
    public static long Field(ReadOnlySpan<byte> field)
    {
        if ((field[0] & 0x80) != 0)
        {
            bool negative = (field[0] & 0x40) != 0;
            byte invert = negative ? (byte)0xFF : (byte)0;
            ulong value = 0;
            for (int i = 0; i < field.Length; i++)
            {
                byte b = (byte)(field[i] ^ invert);
                if (i == 0)
                    b &= 0x7F;
                if (value >> 56 != 0)
                    throw Invalid();
                value = (value << 8) | b;
            }

            if (value >> 63 != 0)
                throw Invalid();
            return negative ? ~(long)value : (long)value;
        }

        field = field.Trim((byte)' ').Trim((byte)0).Trim((byte)' ');
        int end = field.IndexOf((byte)0);
        if (end >= 0)
            field = field[..end];
        long octal = 0;
        foreach (byte b in field)
        {
            if (b is < (byte)'0' or > (byte)'7' || octal >> 60 != 0)
                throw Invalid();
            octal = (octal << 3) | (uint)(b - '0');
        }

        return octal;
    }

    public static uint Id(ReadOnlySpan<byte> field) => Id(Field(field));

    public static uint Id(long value) => value is >= 0 and < uint.MaxValue ? (uint)value : throw new LayerException($"invalid tar header: {value} is no user or group ID");

    /// <summary>A decimal number in a PAX record.</summary>
    public static long Decimal(ReadOnlySpan<byte> text)
        => Utf8Parser.TryParse(text, out long value, out int used) && used == text.Length ? value : throw new LayerException("invalid tar header: malformed PAX number");

    /// <summary>Seconds with a decimal fraction, possibly negative, in a PAX record.</summary>
    public static FileTime Time(ReadOnlySpan<byte> text)
    {
        int dot = text.IndexOf((byte)'.');
        bool negative = text.StartsWith("-"u8);
        long seconds = Decimal(dot < 0 ? text : text[..dot]);
        if (dot < 0)
            return new FileTime(seconds, 0);
        long nanoseconds = 0;
        int digits = 0;
        foreach (byte b in text[(dot + 1)..])
        {
            if (b is < (byte)'0' or > (byte)'9')
                throw Invalid();
            if (digits++ < 9)
                nanoseconds = (nanoseconds * 10) + (b - '0');
        }

        for (; digits < 9; digits++)
            nanoseconds *= 10;
        // The fraction belongs to the magnitude: -1.5 is half a second before -1.
        return negative && nanoseconds > 0 ? new FileTime(seconds - 1, 1_000_000_000 - nanoseconds) : new FileTime(seconds, nanoseconds);
    }

    private static LayerException Invalid() => new("invalid tar header: malformed number");
}
