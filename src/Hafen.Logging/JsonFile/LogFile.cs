using System.IO.Compression;
using Hafen.Linux.FileSystem;

namespace Hafen.Logging.JsonFile;

/// <summary>Which file a descriptor is, whatever its name has become.</summary>
internal readonly record struct FileIdentity(uint Major, uint Minor, ulong Inode)
{
    public static FileIdentity Of(in statx_t status) => new(status.stx_dev_major, status.stx_dev_minor, status.stx_ino);
}

/// <summary>One open file of a log. It stays readable when the writer renames or removes it.</summary>
internal sealed class LogFile : IDisposable
{
    private readonly FileStream _file;
    private readonly bool _compressed;

    private LogFile(FileStream file, bool compressed)
    {
        _file = file;
        _compressed = compressed;
        Identity = FileIdentity.Of(FileStatus.Of((int)file.SafeFileHandle.DangerousGetHandle()));
    }

    public FileIdentity Identity { get; }

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
    public static LogFile? TryOpen(string path, bool compressed)
    {
        try
        {
            // Unbuffered: the reader has a buffer of its own.
            return new LogFile(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0), compressed);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Reads at an offset of an uncompressed file; 0 at its present end.</summary>
    public int Read(Span<byte> target, long offset) => RandomAccess.Read(_file.SafeFileHandle, target, offset);

    /// <summary>The content from the front, unpacked.</summary>
    public Stream Content()
    {
        _file.Position = 0;
        return _compressed ? new GZipStream(_file, CompressionMode.Decompress, leaveOpen: true) : new BorrowedStream(_file);
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
