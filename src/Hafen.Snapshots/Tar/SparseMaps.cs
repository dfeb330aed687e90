using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Tar;

/// <summary>The three ways GNU tar describes sparse files (GNU tar manual, "Storing Sparse Files").</summary>
internal static class SparseMaps
{
    // A map longer than this is an attack on memory: 16 million pieces of 512 bytes and a hole each are 16 GB of file.
    private const int MaxPieces = 1 << 20;

    public static bool IsSparse(PaxRecords pax)
        => pax["GNU.sparse.major"] is not null || pax["GNU.sparse.size"] is not null || pax["GNU.sparse.map"] is not null;

    /// <summary>Type S: four pieces in the header, more in continuation blocks.</summary>
    public static (IReadOnlyList<TarExtent> Pieces, long Size) ReadGnu(TarHeader header, Func<byte[]> next)
    {
        List<TarExtent> pieces = [];
        var area = header.SparseArea;
        int count = 4;
        while (true)
        {
            for (int i = 0; i < count; i++)
            {
                var piece = area.Slice(i * 24, 24);
                if (piece[0] == 0)
                    break;
                pieces.Add(new TarExtent(TarNumbers.Field(piece[..12]), TarNumbers.Field(piece[12..])));
            }

            if (pieces.Count > MaxPieces)
                throw TooLong();
            if (area[count * 24] == 0)
                return (pieces, header.SparseRealSize);
            area = next();
            count = 21;
        }
    }

    /// <summary>PAX formats 0.0, 0.1 and 1.0; the last has its map at the start of the data.</summary>
    public static (IReadOnlyList<TarExtent> Pieces, long Size) ReadPax(PaxRecords pax, Func<byte[]> nextMapBlock)
    {
        byte[] sizeText = pax["GNU.sparse.realsize"] ?? pax["GNU.sparse.size"] ?? throw Malformed();
        long size = TarNumbers.Decimal(sizeText);
        if (pax["GNU.sparse.major"] is { } major)
        {
            long version = TarNumbers.Decimal(major);
            if (version == 1)
                return (ReadMap(nextMapBlock), size);
            if (version != 0)
                throw new LayerException($"invalid tar header: sparse format {version} is unknown");
        }

        if (pax["GNU.sparse.map"] is not { } map)
            return (pax.Extents, size);
        List<TarExtent> pieces = [];
        long? offset = null;
        foreach (var range in ((ReadOnlySpan<byte>)map).Split((byte)','))
        {
            long number = TarNumbers.Decimal(map.AsSpan(range));
            if (offset is { } start)
                pieces.Add(new TarExtent(start, number));
            offset = offset is null ? number : null;
        }

        if (offset is not null)
            throw Malformed();
        return (pieces, size);
    }

    /// <summary>Pieces ascend, do not overlap, lie inside the file and hold together exactly the data there is.</summary>
    public static void Validate(IReadOnlyList<TarExtent> pieces, long size, long dataLength)
    {
        long end = 0, sum = 0;
        foreach (var piece in pieces)
        {
            if (piece.Offset < end || piece.Length < 0 || piece.Length > size - piece.Offset)
                throw Malformed();
            end = piece.Offset + piece.Length;
            sum += piece.Length;
        }

        if (size < 0 || sum != dataLength)
            throw Malformed();
    }

    /// <summary>Decimal numbers on lines: how many pieces, then offset and length of each; padded to whole blocks.</summary>
    private static List<TarExtent> ReadMap(Func<byte[]> nextBlock)
    {
        byte[] block = nextBlock();
        int position = 0;
        long count = Number();
        if (count is < 0 or > MaxPieces)
            throw TooLong();
        List<TarExtent> pieces = [];
        for (long i = 0; i < count; i++)
            pieces.Add(new TarExtent(Number(), Number()));
        return pieces;

        long Number()
        {
            long value = 0;
            for (int digits = 0; ; digits++)
            {
                if (position == block.Length)
                {
                    block = nextBlock();
                    position = 0;
                }

                byte b = block[position++];
                if (b == (byte)'\n' && digits > 0)
                    return value;
                if (b is < (byte)'0' or > (byte)'9' || digits > 18)
                    throw Malformed();
                value = (value * 10) + (b - '0');
            }
        }
    }

    private static LayerException Malformed() => new("invalid tar header: malformed sparse map");

    private static LayerException TooLong() => new("invalid tar header: the sparse map is too long");
}
