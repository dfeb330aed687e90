using System.Globalization;
using System.Text;
using Hafen.Linux.FileSystem;

namespace Hafen.Linux.Cgroups;

/// <summary>
/// A cgroup's directory in one hierarchy. The path stands in a buffer with room for a file's name behind it, so that opening a file
/// builds no string: making a container's cgroups touches dozens of files.
/// </summary>
internal sealed unsafe class CgroupDirectory
{
    private const int LongestFileName = 128;

    private readonly byte[] _buffer;
    private readonly int _length;

    public CgroupDirectory(CgroupHierarchy hierarchy, string path)
        : this(hierarchy, Encoding.UTF8.GetBytes(path == "/" ? hierarchy.MountPoint : hierarchy.MountPoint + path))
    {
    }

    private CgroupDirectory(CgroupHierarchy hierarchy, ReadOnlySpan<byte> absolute)
    {
        Hierarchy = hierarchy;
        _length = absolute.Length;
        _buffer = new byte[_length + 1 + LongestFileName + 1];
        absolute.CopyTo(_buffer);
    }

    public CgroupHierarchy Hierarchy { get; }

    /// <summary>The absolute path.</summary>
    public string FullPath => Encoding.UTF8.GetString(_buffer.AsSpan(0, _length));

    public bool IsRoot => _length <= Encoding.UTF8.GetByteCount(Hierarchy.MountPoint);

    /// <summary>The directory above, in the same hierarchy; not for the root.</summary>
    public CgroupDirectory Parent() => new(Hierarchy, _buffer.AsSpan(0, _buffer.AsSpan(0, _length).LastIndexOf((byte)'/')));

    public CgroupDirectory Child(string name)
    {
        byte[] bytes = new byte[_length + 1 + Encoding.UTF8.GetByteCount(name)];
        _buffer.AsSpan(0, _length).CopyTo(bytes);
        bytes[_length] = (byte)'/';
        Encoding.UTF8.GetBytes(name, bytes.AsSpan(_length + 1));
        return new CgroupDirectory(Hierarchy, bytes);
    }

    /// <summary>Zero, or a negative errno.</summary>
    public int Make()
    {
        fixed (byte* path = Terminated(default))
            return CgroupCalls.MakeDirectory(path);
    }

    /// <summary>Zero, or a negative errno.</summary>
    public int Remove()
    {
        fixed (byte* path = Terminated(default))
            return CgroupCalls.RemoveDirectory(path);
    }

    /// <summary>Opens a file, or the directory itself when the name is empty. A descriptor, or a negative errno.</summary>
    public int Open(ReadOnlySpan<char> file, int flags)
    {
        fixed (byte* path = Terminated(file))
            return CgroupCalls.Open(path, flags);
    }

    public bool Exists
    {
        get
        {
            int descriptor = Open(default, OpenFlags.O_PATH | OpenFlags.O_DIRECTORY);
            if (descriptor < 0)
                return false;
            CgroupCalls.Close(descriptor);
            return true;
        }
    }

    /// <summary>Writes a value with one call. Zero, or a negative errno.</summary>
    public int Write(ReadOnlySpan<char> file, ReadOnlySpan<char> value)
    {
        int descriptor = Open(file, OpenFlags.O_WRONLY);
        if (descriptor < 0)
            return descriptor;
        int result = WriteTo(descriptor, value);
        CgroupCalls.Close(descriptor);
        return result;
    }

    public static int WriteTo(int descriptor, ReadOnlySpan<char> value)
    {
        var bytes = value.Length <= 1024 ? stackalloc byte[value.Length * 3] : new byte[value.Length * 3];
        int length = Encoding.UTF8.GetBytes(value, bytes);
        return CgroupCalls.Write(descriptor, bytes[..length]);
    }

    /// <summary>Reads a file into a buffer. The length, or a negative errno.</summary>
    public int Read(ReadOnlySpan<char> file, Span<byte> buffer)
    {
        int descriptor = Open(file, OpenFlags.O_RDONLY);
        if (descriptor < 0)
            return descriptor;
        int result = CgroupCalls.ReadFromStart(descriptor, buffer);
        CgroupCalls.Close(descriptor);
        return result;
    }

    /// <summary>A file of any length as text without surrounding white space; null when it cannot be read.</summary>
    public string? ReadText(ReadOnlySpan<char> file)
    {
        byte[] buffer = new byte[8192];
        while (true)
        {
            int length = Read(file, buffer);
            if (length < 0)
                return null;
            if (length < buffer.Length)
                return Encoding.UTF8.GetString(buffer, 0, length).Trim();
            buffer = new byte[buffer.Length * 4];
        }
    }

    /// <summary>A file with one number; <c>max</c> is <see cref="ulong.MaxValue"/>. Null when absent or of another form.</summary>
    public ulong? ReadNumber(ReadOnlySpan<char> file)
    {
        Span<byte> buffer = stackalloc byte[64];
        int length = Read(file, buffer);
        if (length <= 0)
            return null;
        ReadOnlySpan<byte> text = buffer[..length].TrimEnd((byte)'\n');
        if (text.SequenceEqual("max"u8))
            return ulong.MaxValue;
        return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong value) ? value : null;
    }

    /// <summary>The names of the cgroups directly below.</summary>
    public string[] Children()
    {
        try
        {
            string[] folders = Directory.GetDirectories(FullPath);
            for (int i = 0; i < folders.Length; i++)
                folders[i] = Path.GetFileName(folders[i]);
            return folders;
        }
        catch (IOException)
        {
            return [];
        }
    }

    private byte[] Terminated(ReadOnlySpan<char> file)
    {
        int length = _length;
        if (file.Length > 0)
        {
            _buffer[length++] = (byte)'/';
            length += Encoding.UTF8.GetBytes(file, _buffer.AsSpan(length, LongestFileName));
        }

        _buffer[length] = 0;
        return _buffer;
    }
}
