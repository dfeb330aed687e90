using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Tar;

/// <summary>The fields of one 512-byte header block (POSIX ustar; tar(5) for the others).</summary>
internal readonly ref struct TarHeader(ReadOnlySpan<byte> block)
{
    private readonly ReadOnlySpan<byte> _block = block;

    public byte TypeByte => _block[156];

    public uint Permissions => (uint)TarNumbers.Field(_block.Slice(100, 8)) & 0xFFF;

    public uint Uid => TarNumbers.Id(_block.Slice(108, 8));

    public uint Gid => TarNumbers.Id(_block.Slice(116, 8));

    public long Size => TarNumbers.Field(_block.Slice(124, 12));

    public long Modified => TarNumbers.Field(_block.Slice(136, 12));

    public string LinkName => Text(_block.Slice(157, 100));

    public uint DeviceMajor => IsV7 ? 0 : (uint)TarNumbers.Field(_block.Slice(329, 8));

    public uint DeviceMinor => IsV7 ? 0 : (uint)TarNumbers.Field(_block.Slice(337, 8));

    public string Name
    {
        get
        {
            string name = Text(_block[..100]);
            if (!IsPosix)
                return name;
            // star puts times behind a shorter prefix and signs the block at its end.
            string prefix = Text(_block.Slice(345, _block[508..].SequenceEqual("tar\0"u8) ? 131 : 155));
            return prefix.Length == 0 ? name : $"{prefix}/{name}";
        }
    }

    /// <summary>The four pieces and the continuation mark of a GNU sparse header, offset 386.</summary>
    public ReadOnlySpan<byte> SparseArea => _block.Slice(386, 97);

    public long SparseRealSize => TarNumbers.Field(_block.Slice(483, 12));

    private bool IsPosix => _block.Slice(257, 8).SequenceEqual("ustar\0"u8 + "00"u8) || _block.Slice(257, 6).SequenceEqual("ustar\0"u8);

    private bool IsGnu => _block.Slice(257, 8).SequenceEqual("ustar  \0"u8);

    private bool IsV7 => !IsPosix && !IsGnu;

    public TarType Type(string name) => TypeByte switch
    {
        0 => name.EndsWith('/') ? TarType.Directory : TarType.File,
        (byte)'0' or (byte)'7' or (byte)'S' => TarType.File,
        >= (byte)'1' and <= (byte)'6' => (TarType)TypeByte,
        _ => throw new LayerException($"unhandled tar header type {TypeByte} at {BytePath.ToText(name)}"),
    };

    /// <exception cref="LayerException">The checksum is wrong: this is no header.</exception>
    public void RequireValid()
    {
        if (!IsValid())
            throw new LayerException("invalid tar header");
    }

    /// <summary>True when the checksum fits, counted as bytes or, as some old programs did, as signed bytes.</summary>
    public bool IsValid()
    {
        long expected;
        try
        {
            expected = TarNumbers.Field(_block.Slice(148, 8));
        }
        catch (LayerException)
        {
            return false;
        }

        long unsigned = 8 * ' ', signed = 8 * ' ';
        for (int i = 0; i < _block.Length; i++)
        {
            if (i is >= 148 and < 156)
                continue;
            unsigned += _block[i];
            signed += (sbyte)_block[i];
        }

        return expected == unsigned || expected == signed;
    }

    private static string Text(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return BytePath.FromBytes(end < 0 ? field : field[..end]);
    }
}
