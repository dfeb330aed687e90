using System.Buffers.Binary;
using Hafen.Linux.FileSystem;
using Hafen.Linux.Trees;

namespace Hafen.Snapshots.Layers;

/// <summary>
/// A list of paths with numbers that grows on the disk and not in memory: how many names an archive has, and how long they are, is its author's choice.
/// Written once from front to end, then read from front to end. The file is made when the first kilobytes are full.
/// </summary>
/// <param name="file">Where it goes.</param>
/// <param name="numbers">Numbers that go with each path.</param>
internal sealed class NameList(string file, int numbers) : IDisposable
{
    private const int BufferSize = 32 * 1024;
    // More is no name that the kernel would take.
    private const int LongestPath = 8 * 1024;

    private byte[] _buffer = [];
    private int _used;
    private FileStream? _stream;

    public int Count { get; private set; }

    public void Add(string path, params ReadOnlySpan<long> values)
    {
        if (path.Length > LongestPath)
            throw new LayerException("an entry's name is too long");
        if (values.Length != numbers)
            throw new ArgumentException($"{numbers} numbers go with a path");
        int size = 2 + path.Length + (8 * numbers);
        if (_buffer.Length == 0)
            _buffer = new byte[BufferSize];
        if (_buffer.Length - _used < size)
            Spill();
        var target = _buffer.AsSpan(_used, size);
        BinaryPrimitives.WriteUInt16LittleEndian(target, (ushort)path.Length);
        BytePath.ToBytes(path).CopyTo(target[2..]);
        for (int i = 0; i < numbers; i++)
            BinaryPrimitives.WriteInt64LittleEndian(target[(2 + path.Length + (8 * i))..], values[i]);
        _used += size;
        Count++;
    }

    /// <summary>Puts everything into the file, so that it is there for a later reader. Nothing can be added any more.</summary>
    public void Save()
    {
        Spill();
        Dispose();
    }

    /// <summary>Ends the list and removes its file.</summary>
    public void Delete()
    {
        bool made = _stream is not null;
        Dispose();
        // The folder may have been thrown away with everything in it.
        if (made)
            _ = TreeCalls.Unlink(OpenFlags.AT_FDCWD, BytePath.FromText(file));
    }

    /// <summary>The list from its beginning.</summary>
    public IEnumerable<NamedNumbers> Read()
    {
        if (_stream is not null)
        {
            foreach (var item in Read(file, numbers))
                yield return item;
        }

        for (int at = 0; at < _used;)
        {
            int length = BinaryPrimitives.ReadUInt16LittleEndian(_buffer.AsSpan(at));
            yield return Item(_buffer.AsSpan(at + 2, length + (8 * numbers)), length);
            at += 2 + length + (8 * numbers);
        }
    }

    /// <summary>A list that was saved.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public static IEnumerable<NamedNumbers> Read(string file, int numbers)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, BufferSize);
        byte[] item = new byte[LongestPath + (8 * numbers)];
        while (stream.ReadByte() is >= 0 and var low)
        {
            int length = low | (stream.ReadByte() << 8);
            if (length is < 0 or > LongestPath || stream.ReadAtLeast(item.AsSpan(0, length + (8 * numbers)), length + (8 * numbers), throwOnEndOfStream: false) < length + (8 * numbers))
            {
                throw new InvalidDataException($"the list {Path.GetFileName(file)} is damaged");
            }

            yield return Item(item, length);
        }
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _stream = null;
        _buffer = [];
        _used = 0;
    }

    private static NamedNumbers Item(ReadOnlySpan<byte> item, int length)
    {
        int count = (item.Length - length) / 8;
        return new NamedNumbers(BytePath.FromBytes(item[..length]), Number(item, length, 0, count), Number(item, length, 1, count), Number(item, length, 2, count), Number(item, length, 3, count), Number(item, length, 4, count));
    }

    private static long Number(ReadOnlySpan<byte> item, int length, int index, int count)
        => index < count ? BinaryPrimitives.ReadInt64LittleEndian(item[(length + (8 * index))..]) : 0;

    private void Spill()
    {
        _stream ??= new FileStream(file, FileMode.Create, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete, 0);
        _stream.Write(_buffer, 0, _used);
        _used = 0;
    }
}

/// <summary>One item of a <see cref="NameList"/>; numbers it does not have are 0.</summary>
internal readonly record struct NamedNumbers(string Path, long First, long Second, long Third, long Fourth, long Fifth);
