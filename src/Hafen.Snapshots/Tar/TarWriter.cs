using System.Globalization;
using System.Text;

namespace Hafen.Snapshots.Tar;

/// <summary>Makes the headers of simple ustar archives: short names, root's files, whole seconds.</summary>
public static class TarWriter
{
    public const int BlockSize = 512;

    /// <summary>Bytes that end an archive.</summary>
    public static ReadOnlySpan<byte> End => s_end;

    private static readonly byte[] s_end = new byte[2 * BlockSize];

    /// <summary>A header block.</summary>
    /// <param name="name">At most 100 characters of ASCII.</param>
    /// <param name="seconds">Modification time since 1970.</param>
    public static byte[] Header(string name, TarType type, uint permissions, long size, long seconds)
    {
        byte[] block = new byte[BlockSize];
        if (name.Length > 100)
            throw new ArgumentException($"the name {name} is too long for a simple tar header");
        Encoding.ASCII.GetBytes(name, block);
        Octal(block, 100, 8, permissions);
        Octal(block, 108, 8, 0);
        Octal(block, 116, 8, 0);
        Number(block, 124, size);
        Number(block, 136, seconds);
        block[156] = (byte)type;
        "ustar\0"u8.CopyTo(block.AsSpan(257));
        "00"u8.CopyTo(block.AsSpan(263));
        block.AsSpan(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in block)
            sum += b;
        Octal(block, 148, 7, (uint)sum);
        return block;
    }

    /// <summary>Bytes that follow <paramref name="size"/> bytes of data to fill the last block.</summary>
    public static ReadOnlySpan<byte> Padding(long size) => s_end.AsSpan(0, (int)(-size & (BlockSize - 1)));

    private static void Number(byte[] block, int offset, long value)
    {
        if (value < 1L << 33)
        {
            Octal(block, offset, 12, value);
            return;
        }

        // Base 256 for 8 GiB and more, as GNU tar writes and everybody reads.
        block[offset] = 0x80;
        for (int i = 11; i >= 4; i--, value >>= 8)
            block[offset + i] = (byte)value;
    }

    private static void Octal(byte[] block, int offset, int width, long value)
        => Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(width - 1, '0').ToString(CultureInfo.InvariantCulture), block.AsSpan(offset, width - 1));
}
