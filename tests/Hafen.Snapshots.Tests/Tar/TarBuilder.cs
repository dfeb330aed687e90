using System.Text;

namespace Hafen.Snapshots.Tests.Tar;

/// <summary>Builds archives byte by byte, broken and hostile ones too; independent of the code under test.</summary>
public sealed class TarBuilder
{
    private readonly MemoryStream _bytes = new();

    public TarBuilder File(string name, string content = "", int mode = 0x1A4, int uid = 0, int gid = 0, long mtime = 1_000_000_000)
        => Entry(name, '0', Encoding.Latin1.GetBytes(content), mode, uid, gid, mtime);

    public TarBuilder Folder(string name, int mode = 0x1ED, int uid = 0, int gid = 0, long mtime = 1_000_000_000)
        => Entry(name, '5', [], mode, uid, gid, mtime);

    public TarBuilder Link(string name, string target) => Entry(name, '2', [], 0x1FF, link: target);

    public TarBuilder HardLink(string name, string target) => Entry(name, '1', [], link: target);

    public TarBuilder Device(string name, char type, int major, int minor, int mode = 0x1B6)
    {
        byte[] header = Header(name, type, 0, mode, 0, 0, 1_000_000_000, "");
        Octal(header, 329, 8, major);
        Octal(header, 337, 8, minor);
        Seal(header);
        _bytes.Write(header);
        return this;
    }

    /// <summary>A PAX header for the entry that follows.</summary>
    public TarBuilder Pax(params (string Key, string Value)[] records)
    {
        StringBuilder text = new();
        foreach (var (key, value) in records)
            text.Append(PaxRecord(key, value));
        return Entry("PaxHeader", 'x', Encoding.Latin1.GetBytes(text.ToString()));
    }

    public TarBuilder Entry(string name, char type, byte[] content, int mode = 0x1A4, int uid = 0, int gid = 0, long mtime = 1_000_000_000, string link = "")
    {
        byte[] header = Header(name, type, content.Length, mode, uid, gid, mtime, link);
        Seal(header);
        _bytes.Write(header);
        _bytes.Write(content);
        _bytes.Write(new byte[-content.Length & 511]);
        return this;
    }

    public TarBuilder Raw(byte[] bytes)
    {
        _bytes.Write(bytes);
        return this;
    }

    public byte[] Build(bool end = true)
    {
        if (end)
            _bytes.Write(new byte[1024]);
        return _bytes.ToArray();
    }

    public static byte[] Header(string name, char type, long size, int mode, int uid, int gid, long mtime, string link)
    {
        byte[] header = new byte[512];
        Encoding.Latin1.GetBytes(name.AsSpan(0, Math.Min(100, name.Length)), header);
        Octal(header, 100, 8, mode);
        Octal(header, 108, 8, uid);
        Octal(header, 116, 8, gid);
        Octal(header, 124, 12, size);
        if (mtime >= 0)
        {
            Octal(header, 136, 12, mtime);
        }
        else
        {
            header.AsSpan(136, 12).Fill(0xFF);
            for (int i = 0; i < 8; i++)
                header[147 - i] = (byte)(mtime >> (8 * i));
        }

        header[156] = (byte)type;
        Encoding.Latin1.GetBytes(link.AsSpan(0, Math.Min(100, link.Length)), header.AsSpan(157));
        "ustar\0"u8.CopyTo(header.AsSpan(257));
        "00"u8.CopyTo(header.AsSpan(263));
        return header;
    }

    public static void Seal(byte[] header)
    {
        header.AsSpan(148, 8).Fill((byte)' ');
        Octal(header, 148, 7, header.Sum(b => b));
    }

    private static void Octal(byte[] block, int offset, int width, long value)
        => Encoding.ASCII.GetBytes(Convert.ToString(value, 8).PadLeft(width - 1, '0')).CopyTo(block, offset);

    private static string PaxRecord(string key, string value)
    {
        int length = key.Length + value.Length + 3;
        for (int digits = 1; ; digits++)
        {
            if ((length + digits).ToString().Length == digits)
                return $"{length + digits} {key}={value}\n";
        }
    }
}
