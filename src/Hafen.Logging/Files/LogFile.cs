using System.Buffers.Binary;
using System.IO.Compression;
using Hafen.Linux.FileSystem;

namespace Hafen.Logging.Files;

/// <summary>Which file a descriptor is, whatever its name has become.</summary>
internal readonly record struct FileIdentity(uint Major, uint Minor, ulong Inode)
{
    public static FileIdentity Of(in statx_t status) => new(status.stx_dev_major, status.stx_dev_minor, status.stx_ino);
}

/// <summary>One open file of a log. It stays readable when the writer renames or removes it.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly FileStream _file;

    private LogFile(FileStream file, int number, bool compressed)
    {
        _file = file;
        Number = number;
        Compressed = compressed;
        Identity = FileIdentity.Of(FileStatus.Of((int)file.SafeFileHandle.DangerousGetHandle()));
    }

    public FileIdentity Identity { get; }

    /// <summary>Number that the file had in its name when it was opened; 0 for the log itself.</summary>
    public int Number { get; }

    public bool Compressed { get; }

    public long Length => RandomAccess.GetLength(_file.SafeFileHandle);

    /// <summary>Time of the last write, in nanoseconds since 1970.</summary>
    public long LastWrite
    {
        get
        {
            var status = FileStatus.Of((int)_file.SafeFileHandle.DangerousGetHandle());
            return status.stx_mtime_sec * 1_000_000_000 + status.stx_mtime_nsec;
        }
    }

    /// <summary>Opens a file; null when it is not there.</summary>
    public static LogFile? TryOpen(string path, int number, bool compressed)
    {
        // Most names that are tried are nobody's, and an exception costs more than a look.
        if (!FileStatus.TryGet(path, followLinks: true, out _, out _))
            return null;
        try
        {
            // Unbuffered: the reader has a buffer of its own.
            return new LogFile(
                new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), number, compressed);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            // A folder of that name is no file of the log either.
            return null;
        }
    }

    /// <summary>Reads at an offset, packed as it is; 0 at the present end.</summary>
    public int Read(Span<byte> target, long offset) => RandomAccess.Read(_file.SafeFileHandle, target, offset);

    /// <summary>The content from the front, unpacked. One at a time.</summary>
    public Stream Content()
    {
        _file.Position = 0;
        return Compressed ? new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true) : new BorrowedStream(_file);
    }

    /// <summary>Length of the content, unpacked; of more than 4 GB what is left beyond a multiple of that.</summary>
    private uint ContentLength
    {
        get
        {
            if (!Compressed)
                return (uint)Length;
            Span<byte> trailer = stackalloc byte[4];
            return Length > trailer.Length && Read(trailer, Length - trailer.Length) == trailer.Length ? BinaryPrimitives.ReadUInt32LittleEndian(trailer) : 0;
        }
    }

    /// <summary>
    /// Whether both hold the same entries, of which one may be compressed: they are as long, and their first lines are the same, for each entry has a time
    /// of its own.
    /// </summary>
    public bool IsLike(LogFile other)
    {
        if (Identity == other.Identity)
            return true;
        if (ContentLength != other.ContentLength)
            return false;
        Span<byte> mine = stackalloc byte[1024], others = stackalloc byte[1024];
        try
        {
            using var first = Content();
            using var second = other.Content();
            while (true)
            {
                int read = first.ReadAtLeast(mine, mine.Length, throwOnEndOfStream: false);
                int count = second.ReadAtLeast(others, others.Length, throwOnEndOfStream: false);
                int end = mine[..read].IndexOf((byte)'\n');
                if (end >= 0)
                    return count > end && mine[..(end + 1)].SequenceEqual(others[..(end + 1)]);
                if (read < mine.Length || !mine.SequenceEqual(others))
                    return false;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A stream whose disposal leaves the file open.</summary>
    private sealed class BorrowedStream(FileStream file) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => file.Length;
        public override long Position { get => file.Position; set => throw new NotSupportedException(); }
        public override int Read(Span<byte> buffer) => file.Read(buffer);
        public override int Read(byte[] buffer, int offset, int count) => file.Read(buffer, offset, count);
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
