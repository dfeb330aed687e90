using System.Buffers;
using System.Buffers.Binary;

namespace Hafen.Linux.Trees;

/// <summary>One name in a folder.</summary>
/// <param name="Name">The name, one character a byte.</param>
/// <param name="Kind">DT_ value (dirent.h); DT_UNKNOWN when the file system does not say.</param>
public readonly record struct DirectoryEntry(string Name, byte Kind)
{
    public const byte DT_UNKNOWN = 0, DT_DIR = 4, DT_REG = 8, DT_LNK = 10;
}

/// <summary>Reads folders with getdents64(2).</summary>
public static class DirectoryEntries
{
    /// <summary>All names but <c>.</c> and <c>..</c>, in the file system's order, read from the descriptor's position on.</summary>
    /// <exception cref="LinuxException">The descriptor cannot be read.</exception>
    public static List<DirectoryEntry> Read(int descriptor)
    {
        List<DirectoryEntry> entries = [];
        while (ReadSome(descriptor, entries))
        {
        }

        return entries;
    }

    /// <summary>Adds the next names, some hundreds at most: for whom a folder of millions would be too much at once.</summary>
    /// <returns>False when there are no more.</returns>
    /// <exception cref="LinuxException">The descriptor cannot be read.</exception>
    public static bool ReadSome(int descriptor, List<DirectoryEntry> entries)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(32 * 1024);
        try
        {
            int count = TreeCalls.ReadEntries(descriptor, buffer);
            // A folder that was removed meanwhile has no names.
            if (count is 0 or -Errno.ENOENT)
                return false;
            TreeCalls.Check(count, "getdents64");
            Parse(buffer.AsSpan(0, count), entries);
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Parse(ReadOnlySpan<byte> buffer, List<DirectoryEntry> entries)
    {
        // struct linux_dirent64: ino 8, off 8, reclen 2, type 1, name.
        for (int at = 0; at < buffer.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(buffer[(at + 16)..]);
            var name = buffer.Slice(at + 19, length - 19);
            name = name[..name.IndexOf((byte)0)];
            if (!name.SequenceEqual("."u8) && !name.SequenceEqual(".."u8))
                entries.Add(new DirectoryEntry(BytePath.FromBytes(name), buffer[at + 18]));
            at += length;
        }
    }
}
