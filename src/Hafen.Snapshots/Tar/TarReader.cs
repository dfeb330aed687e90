using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;
using Hafen.Snapshots.Pipelines;

namespace Hafen.Snapshots.Tar;

/// <summary>Sees every byte of an archive that is not content of a file, in order: with the contents, that is the archive.</summary>
public interface ITarFraming
{
    void Framing(ReadOnlySpan<byte> bytes);
}

/// <summary>
/// Reads V7, ustar, PAX, GNU and star archives, front to end. After <see cref="Next"/> the entry's data is read piece by piece with
/// <see cref="PeekData"/> and <see cref="AdvanceData"/>; what is left is skipped.
/// </summary>
public sealed class TarReader(BlockInput input, ITarFraming? framing = null)
{
    private const int BlockSize = 512;
    // As Go's archive/tar: long names and PAX headers are no place for bulk.
    private const int MaxSpecialSize = 1 << 20;

    private readonly byte[] _header = new byte[BlockSize];
    private long _remaining;
    private int _padding;

    /// <summary>Bytes of the current entry's data that are still to be read.</summary>
    public long DataRemaining => _remaining;

    /// <summary>True when a block of 512 bytes has the checksum of a header.</summary>
    public static bool LooksLikeHeader(ReadOnlySpan<byte> block) => new TarHeader(block).IsValid();

    /// <summary>The next entry, or null at the end of the archive.</summary>
    /// <exception cref="LayerException">The archive is malformed or truncated.</exception>
    public TarEntry? Next()
    {
        SkipData();
        PaxRecords? pax = null;
        string? longName = null, longLink = null;
        while (true)
        {
            if (!ReadHeader())
                return null;
            TarHeader header = new(_header);
            header.RequireValid();
            switch (header.TypeByte)
            {
                case (byte)'x' or (byte)'X':
                    pax = PaxRecords.Parse(ReadSpecial(header.Size));
                    continue;
                case (byte)'L':
                    longName = UpToNul(ReadSpecial(header.Size));
                    continue;
                case (byte)'K':
                    longLink = UpToNul(ReadSpecial(header.Size));
                    continue;
                case (byte)'g':
                    // Docker takes notice of no global header; its records are comments in practice.
                    ReadSpecial(header.Size);
                    continue;
            }

            return ToEntry(header, pax, longName, longLink);
        }
    }

    /// <summary>Data that can be read without waiting, at least one byte unless the entry's data is at its end.</summary>
    /// <exception cref="LayerException">The archive ends here.</exception>
    public ReadOnlySpan<byte> PeekData()
    {
        if (_remaining == 0)
            return default;
        var piece = input.Peek();
        if (piece.IsEmpty)
            throw Truncated();
        return piece.Length > _remaining ? piece[..(int)_remaining] : piece;
    }

    public void AdvanceData(int count)
    {
        input.Advance(count);
        _remaining -= count;
        if (_remaining == 0)
            SkipPadding();
    }

    /// <summary>A piece of the entry's data as a block that belongs to the caller, seldom copied; null when the data is at its end.</summary>
    /// <exception cref="LayerException">The archive ends here.</exception>
    public Block? TakeData()
    {
        if (_remaining == 0)
            return null;
        var block = input.TakeBlock(_remaining) ?? throw Truncated();
        _remaining -= block.Length;
        if (_remaining > 0)
            return block;
        try
        {
            SkipPadding();
            return block;
        }
        catch
        {
            block.Recycle();
            throw;
        }
    }

    /// <summary>Reads the rest of the entry's data.</summary>
    /// <exception cref="LayerException">It is longer than <paramref name="limit"/>, or the archive ends.</exception>
    public byte[] ReadData(int limit)
    {
        if (_remaining > limit)
            throw new LayerException($"an entry of {_remaining} bytes is too long");
        byte[] data = new byte[_remaining];
        int done = 0;
        while (done < data.Length)
        {
            var piece = PeekData();
            piece.CopyTo(data.AsSpan(done));
            done += piece.Length;
            AdvanceData(piece.Length);
        }

        return data;
    }

    /// <summary>Reads what follows the end of the archive, so that its framing is complete.</summary>
    public void ReadTrailer()
    {
        while (true)
        {
            var piece = input.Peek();
            if (piece.IsEmpty)
                return;
            framing?.Framing(piece);
            input.Advance(piece.Length);
        }
    }

    private void SkipData()
    {
        while (_remaining > 0)
        {
            var piece = PeekData();
            framing?.Framing(piece);
            AdvanceData(piece.Length);
        }
    }

    private void SkipPadding()
    {
        Span<byte> padding = stackalloc byte[BlockSize];
        padding = padding[.._padding];
        _padding = 0;
        if (input.ReadUpTo(padding) != padding.Length)
            throw Truncated();
        framing?.Framing(padding);
    }

    private void BeginData(long size)
    {
        if (size < 0)
            throw new LayerException("invalid tar header: negative size");
        _remaining = size;
        _padding = (int)(-size & (BlockSize - 1));
    }

    private bool ReadHeader()
    {
        if (!ReadBlock())
            return false;
        if (_header.AsSpan().ContainsAnyExcept((byte)0))
            return true;
        // Two blocks of zeros end the archive; the end of the data does too.
        if (!ReadBlock())
            return false;
        if (_header.AsSpan().ContainsAnyExcept((byte)0))
            throw new LayerException("invalid tar header");
        return false;
    }

    private bool ReadBlock()
    {
        int count = input.ReadUpTo(_header);
        if (count == 0)
            return false;
        if (count != BlockSize)
            throw Truncated();
        framing?.Framing(_header);
        return true;
    }

    private byte[] ReadSpecial(long size)
    {
        if (size is < 0 or > MaxSpecialSize)
            throw new LayerException("invalid tar header: an extended header is too long");
        byte[] content = new byte[(size + BlockSize - 1) & ~(BlockSize - 1)];
        if (input.ReadUpTo(content) != content.Length)
            throw Truncated();
        framing?.Framing(content);
        return content[..(int)size];
    }

    private TarEntry ToEntry(TarHeader header, PaxRecords? pax, string? longName, string? longLink)
    {
        string name = Text(pax?["path"]) ?? longName ?? header.Name;
        long size = pax?["size"] is { } text ? TarNumbers.Decimal(text) : header.Size;
        var type = header.Type(name);
        bool hasData = type == TarType.File;
        BeginData(hasData ? size : 0);

        IReadOnlyList<TarExtent>? sparse = null;
        long realSize = size;
        if (hasData && header.TypeByte == (byte)'S')
        {
            (sparse, realSize) = SparseMaps.ReadGnu(header, ReadMore);
        }
        else if (hasData && pax is not null && SparseMaps.IsSparse(pax))
        {
            name = Text(pax["GNU.sparse.name"]) ?? name;
            (sparse, realSize) = SparseMaps.ReadPax(pax, ReadMapBlock);
        }

        if (sparse is not null)
            SparseMaps.Validate(sparse, realSize, _remaining);
        var modified = pax?["mtime"] is { } mtime ? TarNumbers.Time(mtime) : new FileTime(header.Modified, 0);
        // An empty file has nothing but its padding, which is nothing as well.
        return new TarEntry
        {
            Name = name,
            Type = type,
            LinkName = Text(pax?["linkpath"]) ?? longLink ?? header.LinkName,
            Permissions = header.Permissions,
            Uid = pax?["uid"] is { } uid ? TarNumbers.Id(TarNumbers.Decimal(uid)) : header.Uid,
            Gid = pax?["gid"] is { } gid ? TarNumbers.Id(TarNumbers.Decimal(gid)) : header.Gid,
            Modified = modified,
            Accessed = pax?["atime"] is { } atime ? TarNumbers.Time(atime) : modified,
            DeviceMajor = header.DeviceMajor,
            DeviceMinor = header.DeviceMinor,
            Size = realSize,
            Sparse = sparse,
            Xattrs = pax?.Xattrs ?? [],
        };
    }

    /// <summary>A continuation block of GNU's old sparse format; those lie before the data and do not count as data.</summary>
    private byte[] ReadMore()
    {
        byte[] block = new byte[BlockSize];
        if (input.ReadUpTo(block) != BlockSize)
            throw Truncated();
        framing?.Framing(block);
        return block;
    }

    /// <summary>A block of the map of PAX sparse format 1.0, which lies at the start of the data.</summary>
    private byte[] ReadMapBlock()
    {
        if (_remaining < BlockSize)
            throw new LayerException("invalid tar header: truncated sparse map");
        byte[] block = ReadMore();
        _remaining -= BlockSize;
        if (_remaining == 0)
            SkipPadding();
        return block;
    }

    private static string? Text(byte[]? value) => value is null ? null : BytePath.FromBytes(value);

    private static string UpToNul(byte[] value)
    {
        int end = Array.IndexOf(value, (byte)0);
        return BytePath.FromBytes(end < 0 ? value : value.AsSpan(0, end));
    }

    private static LayerException Truncated() => new("unexpected EOF: the archive is truncated");
}
