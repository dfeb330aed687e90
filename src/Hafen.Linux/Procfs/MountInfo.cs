namespace Hafen.Linux.Procfs;

/// <summary>A line of <c>/proc/&lt;pid&gt;/mountinfo</c> (proc(5)), octal escapes resolved.</summary>
/// <param name="Id">Mount id.</param>
/// <param name="ParentId">Id of the mount it sits on.</param>
/// <param name="Major">Device major of the file system.</param>
/// <param name="Minor">Device minor of the file system.</param>
/// <param name="Root">The path inside the file system that is mounted.</param>
/// <param name="MountPoint">Where, below the process's root.</param>
/// <param name="Options">Per-mount options, comma separated.</param>
/// <param name="Optional">Propagation fields such as <c>shared:5 master:1</c>, space separated; empty for a private mount.</param>
/// <param name="FileSystem">Type.</param>
/// <param name="Source">Source, <c>none</c> when the file system has none.</param>
/// <param name="SuperOptions">Options of the superblock, comma separated.</param>
public sealed record MountInfo(
    int Id, int ParentId, uint Major, uint Minor, string Root, string MountPoint, string Options, string Optional, string FileSystem,
    string Source, string SuperOptions)
{
    /// <summary>The mounts of the calling process's mount namespace.</summary>
    public static List<MountInfo> ReadSelf() => Parse(ProcFile.ReadAll("/proc/self/mountinfo"));

    /// <summary>Parses a whole file; lines that do not have the form are left out.</summary>
    public static List<MountInfo> Parse(ReadOnlySpan<byte> text)
    {
        var mounts = new List<MountInfo>();
        foreach (var range in text.Split((byte)'\n'))
        {
            if (TryParseLine(text[range], out var mount))
                mounts.Add(mount);
        }

        return mounts;
    }

    private static bool TryParseLine(ReadOnlySpan<byte> line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out MountInfo? mount)
    {
        mount = null;
        var fields = new FieldReader(line);
        int id = (int)fields.Int64();
        int parent = (int)fields.Int64();
        var device = fields.Next();
        int colon = device.IndexOf((byte)':');
        if (fields.Failed || colon < 0
            || !FieldReader.TryInt32(device[..colon], out int major) || !FieldReader.TryInt32(device[(colon + 1)..], out int minor))
        {
            return false;
        }
        string root = Unescape(fields.Next());
        string point = Unescape(fields.Next());
        string options = Unescape(fields.Next());
        var optional = new List<string>();
        while (true)
        {
            var field = fields.Next();
            if (field.IsEmpty)
                return false;
            if (field.SequenceEqual("-"u8))
                break;
            optional.Add(Unescape(field));
        }

        string type = Unescape(fields.Next());
        string source = Unescape(fields.Next());
        string super = Unescape(fields.Next());
        // An empty source is printed as nothing, which leaves one field less.
        if (super.Length == 0)
            (source, super) = ("", source);
        mount = new MountInfo(id, parent, (uint)major, (uint)minor, root, point, options, string.Join(' ', optional), type, source, super);
        return true;
    }

    /// <summary>The kernel writes space, tab, newline, backslash and # as three octal digits.</summary>
    private static string Unescape(ReadOnlySpan<byte> field)
    {
        if (field.IndexOf((byte)'\\') < 0)
            return System.Text.Encoding.UTF8.GetString(field);
        var plain = field.Length <= 4096 ? stackalloc byte[field.Length] : new byte[field.Length];
        int length = 0;
        for (int i = 0; i < field.Length; i++)
        {
            if (field[i] == '\\' && i + 3 < field.Length && IsOctal(field[i + 1]) && IsOctal(field[i + 2]) && IsOctal(field[i + 3]))
            {
                plain[length++] = (byte)(((field[i + 1] - '0') << 6) | ((field[i + 2] - '0') << 3) | (field[i + 3] - '0'));
                i += 3;
            }
            else
            {
                plain[length++] = field[i];
            }
        }

        return System.Text.Encoding.UTF8.GetString(plain[..length]);
    }

    private static bool IsOctal(byte digit) => digit is >= (byte)'0' and <= (byte)'7';
}
