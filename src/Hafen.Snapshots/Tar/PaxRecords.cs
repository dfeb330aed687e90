using Hafen.Linux.Trees;
using Hafen.Snapshots.Layers;

namespace Hafen.Snapshots.Tar;

/// <summary>The records of a PAX extended header (POSIX pax, "pax Header Block"): <c>length key=value\n</c>.</summary>
internal sealed class PaxRecords
{
    private const string XattrPrefix = "SCHILY.xattr.";
    // The kernel lists no more (XATTR_LIST_MAX), with a NUL behind each.
    private const int MaxXattrNames = 64 * 1024;

    private readonly Dictionary<string, byte[]> _values = [];
    private readonly List<TarExtent> _extents = [];
    private readonly OrderedDictionary<string, byte[]> _xattrs = [];
    private int _xattrNames;
    private long _offset = -1;

    /// <summary>The pieces that GNU's sparse format 0.0 lists as repeated records.</summary>
    public IReadOnlyList<TarExtent> Extents => _extents;

    public IReadOnlyList<KeyValuePair<string, byte[]>> Xattrs => _xattrs;

    public byte[]? this[string key] => _values.GetValueOrDefault(key);

    public static PaxRecords Parse(ReadOnlySpan<byte> text)
    {
        PaxRecords records = new();
        while (!text.IsEmpty)
        {
            int space = text.IndexOf((byte)' ');
            if (space is <= 0 or > 10)
                throw Invalid();
            long length = TarNumbers.Decimal(text[..space]);
            if (length <= space + 1 || length > text.Length || text[(int)length - 1] != (byte)'\n')
                throw Invalid();
            var record = text[(space + 1)..((int)length - 1)];
            int equals = record.IndexOf((byte)'=');
            if (equals <= 0)
                throw Invalid();
            records.Add(BytePath.FromBytes(record[..equals]), record[(equals + 1)..]);
            text = text[(int)length..];
        }

        return records;
    }

    private void Add(string key, ReadOnlySpan<byte> value)
    {
        switch (key)
        {
            case "GNU.sparse.offset":
                _offset = TarNumbers.Decimal(value);
                return;
            case "GNU.sparse.numbytes":
                if (_offset < 0)
                    throw Invalid();
                _extents.Add(new TarExtent(_offset, TarNumbers.Decimal(value)));
                _offset = -1;
                return;
            // The kernel would take another name than the one that was checked.
            case "path" or "linkpath" or "GNU.sparse.name" when value.Contains((byte)0):
                throw Invalid();
        }

        if (key.StartsWith(XattrPrefix, StringComparison.Ordinal))
        {
            if (key.Contains('\0', StringComparison.Ordinal))
                throw Invalid();
            string name = key[XattrPrefix.Length..];
            if (!_xattrs.ContainsKey(name) && (_xattrNames += name.Length + 1) > MaxXattrNames)
                throw new LayerException("invalid tar header: too many extended attributes");
            _xattrs[name] = value.ToArray();
            return;
        }

        // An empty value takes an earlier record back.
        if (value.IsEmpty)
            _values.Remove(key);
        else
            _values[key] = value.ToArray();
    }

    private static LayerException Invalid() => new("invalid tar header: malformed PAX record");
}
