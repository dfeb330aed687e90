using System.Buffers;
using System.Globalization;
using System.Text;
using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;

namespace Hafen.Snapshots.Tar;

/// <summary>
/// Writes the headers of entries with everything they can have, as POSIX pax: a ustar header, and before it an extended one for what does not fit (long names, times with
/// nanoseconds, large numbers, extended attributes, the pieces of a sparse file in GNU's format 1.0). The same entry always makes the same bytes.
/// </summary>
internal sealed class TarEntryWriter(BlockOutput output)
{
    // As the readers: a longer extended header is refused.
    private const int LongestPax = 1 << 20;
    private const int LongestName = 100;
    // What fits into the octal digits of a header.
    private const long LargestId = (1L << 21) - 1, LargestNumber = (1L << 33) - 1;

    private readonly byte[] _header = new byte[TarWriter.BlockSize];
    private readonly ArrayBufferWriter<byte> _pax = new();

    /// <summary>
    /// Writes an entry's headers. Sparse pieces but the last fill whole blocks of 512 bytes: GNU tar looks for the next one at the next block, others right behind. As many bytes of data must follow as its size, or its sparse pieces, say, and then <see cref="Pad"/>.
    /// </summary>
    /// <exception cref="LayerException">Its extended attributes are more than an archive can hold.</exception>
    public void Write(TarEntry entry)
    {
        byte[] map = entry.Sparse is { } pieces ? SparseMap(pieces) : [];
        long data = entry.Type != TarType.File ? 0 : entry.Sparse is { } extents ? map.Length + extents.Sum(extent => extent.Length) : entry.Size;
        CollectPax(entry, data);
        if (_pax.WrittenCount > 0)
        {
            if (_pax.WrittenCount > LongestPax)
                throw new LayerException($"the extended attributes of \"{BytePath.ToText(entry.Name)}\" are too long for an archive");
            Fill(Short("PaxHeaders.0/", entry.Name), (byte)'x', 0x1A4, 0, 0, _pax.WrittenCount, 0, "", 0, 0);
            output.Write(_header);
            output.Write(_pax.WrittenSpan);
            Pad(_pax.WrittenCount);
        }

        string name = entry.Sparse is null ? Short("", entry.Name) : Short("GNUSparseFile.0/", entry.Name);
        Fill(
            name, (byte)entry.Type, entry.Permissions, Fitting(entry.Uid, LargestId), Fitting(entry.Gid, LargestId), Fitting(data, LargestNumber),
            Fitting(entry.Modified.Seconds, LargestNumber), Short("", entry.LinkName), entry.DeviceMajor, entry.DeviceMinor);
        output.Write(_header);
        output.Write(map);
    }

    /// <summary>Fills the last block of so many bytes of data.</summary>
    public void Pad(long length) => output.Write(TarWriter.Padding(length));

    /// <summary>Ends the archive.</summary>
    public void End() => output.Write(TarWriter.End);

    private void CollectPax(TarEntry entry, long data)
    {
        _pax.ResetWrittenCount();
        if (entry.Sparse is not null)
        {
            Record("GNU.sparse.major", "1");
            Record("GNU.sparse.minor", "0");
            Record("GNU.sparse.name", entry.Name);
            Record("GNU.sparse.realsize", Text(entry.Size));
        }
        else if (entry.Name.Length > LongestName)
        {
            Record("path", entry.Name);
        }

        if (entry.LinkName.Length > LongestName)
            Record("linkpath", entry.LinkName);
        if (data > LargestNumber)
            Record("size", Text(data));
        if (entry.Uid > LargestId)
            Record("uid", Text(entry.Uid));
        if (entry.Gid > LargestId)
            Record("gid", Text(entry.Gid));
        if (entry.Modified.Nanoseconds != 0 || entry.Modified.Seconds is < 0 or > LargestNumber)
            Record("mtime", TimeText(entry.Modified));
        foreach (var (name, value) in entry.Xattrs)
            Record($"SCHILY.xattr.{name}", value);
    }

    private void Record(string key, string bytePath) => Record(key, BytePath.ToBytes(bytePath));

    /// <summary><c>length key=value\n</c>, where the length counts its own digits.</summary>
    private void Record(string key, ReadOnlySpan<byte> value)
    {
        int rest = key.Length + value.Length + 3;
        int length = rest + 1;
        while (length != rest + Digits(length))
            length = rest + Digits(length);
        _pax.Write(Encoding.Latin1.GetBytes($"{length} {key}="));
        _pax.Write(value);
        _pax.Write("\n"u8);
    }

    private static byte[] SparseMap(IReadOnlyList<TarExtent> pieces)
    {
        StringBuilder text = new();
        text.Append(pieces.Count).Append('\n');
        foreach (var piece in pieces)
            text.Append(piece.Offset).Append('\n').Append(piece.Length).Append('\n');
        byte[] map = new byte[(text.Length + TarWriter.BlockSize - 1) & ~(TarWriter.BlockSize - 1)];
        Encoding.ASCII.GetBytes(text.ToString(), map);
        return map;
    }

    private void Fill(string name, byte type, uint permissions, long uid, long gid, long size, long seconds, string link, uint major, uint minor)
    {
        var block = _header.AsSpan();
        block.Clear();
        Encoding.Latin1.GetBytes(name, block);
        Octal(block.Slice(100, 8), permissions);
        Octal(block.Slice(108, 8), uid);
        Octal(block.Slice(116, 8), gid);
        Octal(block.Slice(124, 12), size);
        Octal(block.Slice(136, 12), seconds);
        block[156] = type;
        Encoding.Latin1.GetBytes(link, block[157..]);
        "ustar\0"u8.CopyTo(block[257..]);
        "00"u8.CopyTo(block[263..]);
        Octal(block.Slice(329, 8), major);
        Octal(block.Slice(337, 8), minor);
        block.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte b in block)
            sum += b;
        Octal(block.Slice(148, 7), sum);
    }

    private static void Octal(Span<byte> field, long value)
    {
        for (int i = field.Length - 2; i >= 0; i--, value >>= 3)
            field[i] = (byte)('0' + (value & 7));
        field[^1] = 0;
    }

    /// <summary>Zero for what an extended header says.</summary>
    private static long Fitting(long value, long largest) => value < 0 || value > largest ? 0 : value;

    /// <summary>What of a name fits into a header; for people, when an extended header says the whole.</summary>
    private static string Short(string prefix, string name)
    {
        string text = prefix + (prefix.Length == 0 ? name : BytePath.Name(name.TrimEnd('/')));
        return text.Length <= LongestName ? text : text[..LongestName];
    }

    private static int Digits(int number) => number.ToString(CultureInfo.InvariantCulture).Length;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>Seconds with the fraction behind the point; the fraction of a time before 1970 belongs to the magnitude.</summary>
    private static string TimeText(FileTime time)
    {
        var (seconds, nanoseconds) = (time.Seconds, time.Nanoseconds);
        if (nanoseconds == 0)
            return Text(seconds);
        bool before = seconds < 0;
        if (before)
            (seconds, nanoseconds) = (seconds + 1, 1_000_000_000 - nanoseconds);
        string fraction = nanoseconds.ToString("d9", CultureInfo.InvariantCulture).TrimEnd('0');
        return $"{(before && seconds == 0 ? "-" : "")}{Text(seconds)}.{fraction}";
    }
}
