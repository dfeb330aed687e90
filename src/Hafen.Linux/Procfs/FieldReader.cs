using System.Buffers.Text;

namespace Hafen.Linux.Procfs;

/// <summary>Walks over fields separated by spaces or tabs, without allocating.</summary>
public ref struct FieldReader
{
    private ReadOnlySpan<byte> _rest;

    public FieldReader(ReadOnlySpan<byte> text) => _rest = text;

    /// <summary>Whether a number was asked for where there was none.</summary>
    public bool Failed { get; private set; }

    /// <summary>The next field; empty at the end.</summary>
    public ReadOnlySpan<byte> Next()
    {
        _rest = _rest.TrimStart(" \t\n"u8);
        int end = _rest.IndexOfAny(" \t\n"u8);
        var field = end < 0 ? _rest : _rest[..end];
        _rest = _rest[field.Length..];
        return field;
    }

    public void Skip(int count)
    {
        for (int i = 0; i < count; i++)
            Next();
    }

    public long Int64()
    {
        var field = Next();
        if (!Utf8Parser.TryParse(field, out long value, out int used) || used != field.Length)
            Failed = true;
        return value;
    }

    public ulong UInt64()
    {
        var field = Next();
        if (!Utf8Parser.TryParse(field, out ulong value, out int used) || used != field.Length)
            Failed = true;
        return value;
    }

    public static bool TryInt32(ReadOnlySpan<byte> field, out int value) =>
        Utf8Parser.TryParse(field, out value, out int used) && used == field.Length;
}
