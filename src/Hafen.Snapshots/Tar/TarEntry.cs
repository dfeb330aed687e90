using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Tar;

/// <summary>Type of an entry, the byte in its header (POSIX ustar).</summary>
public enum TarType : byte
{
    File = (byte)'0',
    HardLink = (byte)'1',
    SymbolicLink = (byte)'2',
    CharacterDevice = (byte)'3',
    BlockDevice = (byte)'4',
    Directory = (byte)'5',
    Fifo = (byte)'6',
    GlobalHeader = (byte)'g',
}

/// <summary>One entry of a tar archive. Names are <see cref="BytePath"/> strings, exactly as they stand in the archive.</summary>
public sealed record TarEntry
{
    public required string Name { get; init; }
    public required TarType Type { get; init; }
    public string LinkName { get; init; } = "";
    /// <summary>Permission bits, at most 07777.</summary>
    public uint Permissions { get; init; }
    public uint Uid { get; init; }
    public uint Gid { get; init; }
    public FileTime Modified { get; init; }
    /// <summary>Access time, the modification time when the archive has none.</summary>
    public FileTime Accessed { get; init; }
    public uint DeviceMajor { get; init; }
    public uint DeviceMinor { get; init; }
    /// <summary>Bytes of the file when unpacked; holes count.</summary>
    public long Size { get; init; }
    /// <summary>Data pieces of a sparse file in ascending order; null for an ordinary file.</summary>
    public IReadOnlyList<TarExtent>? Sparse { get; init; }
    /// <summary>Extended attributes, names as the kernel has them.</summary>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Xattrs { get; init; } = [];
}

/// <param name="Offset">In the unpacked file.</param>
/// <param name="Length">Bytes.</param>
public readonly record struct TarExtent(long Offset, long Length);
