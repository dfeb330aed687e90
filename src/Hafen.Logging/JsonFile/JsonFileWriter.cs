using System.Text;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Logging.Files;
using Hafen.Logging.Writers;

namespace Hafen.Logging.JsonFile;

/// <summary>
/// The json-file driver's writer: one JSON object a line, rotated by size, one write a batch and no fsync. A full disk stops neither container nor
/// monitor: lines are kept while the buffer lasts, then dropped and counted, and writing goes on when there is room. The file never
/// holds half a line. A file that somebody else has renamed or removed is left to them, and the log goes on under its name.
/// </summary>
internal sealed class JsonFileWriter : ILogWriter
{
    private const int BufferSize = 512 * 1024;
    private const int FileMode = 0x1A0; // 0640
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly LogTarget _target;
    private readonly LogRotation _rotation;
    private readonly LogTimeWriter _time = new();
    private readonly LogClock _clock = new();
    private readonly byte[] _attributes;
    private readonly byte[] _path;
    private readonly MappedMemory _buffer;
    private readonly StreamLines _stdout, _stderr;
    private readonly int _reserve;
    private int _file;
    private int _filled;
    private long _size;
    private readonly long _look;
    private long _nextLook;

    /// <param name="target">The log's file and limits.</param>
    /// <param name="host">Compresses rotated files.</param>
    /// <param name="look">How often at the most the file's name is looked at; null for once a second.</param>
    /// <exception cref="LinuxException">The file cannot be opened.</exception>
    public JsonFileWriter(LogTarget target, ILogHost host, TimeSpan? look = null)
    {
        _look = (long)(look ?? s_look).TotalMilliseconds;
        _target = target;
        _rotation = new LogRotation(new LogFileNames(target.Path!), target, host);
        _attributes = target.Attributes is { Length: > 0 } attributes ? [.. JsonFileFormat.AttributesKey, .. Encoding.UTF8.GetBytes(attributes)] : [];
        _reserve = LineSplitter.Limit * JsonText.Expansion + _attributes.Length + 128;
        _buffer = new MappedMemory(Math.Max(BufferSize, 2 * _reserve));
        _path = Encoding.UTF8.GetBytes(target.Path + '\0');
        _stdout = new StreamLines(this, JsonFileFormat.Stdout);
        _stderr = new StreamLines(this, JsonFileFormat.Stderr);
        Open();
        if (_file >= 0)
            return;
        _buffer.Dispose();
        throw new LinuxException(-_file, "open", target.Path!);
    }

    public long LostLines { get; private set; }

    /// <summary>Whether lines wait for room on the disk.</summary>
    public bool Waiting => _filled > 0;

    public void Feed(LogStream stream, ReadOnlySpan<byte> data)
    {
        _clock.Tick();
        Of(stream).Splitter.Feed(data);
        Flush();
    }

    public void End(LogStream stream)
    {
        _clock.Tick();
        Of(stream).Splitter.End();
        Flush();
    }

    public bool Flush()
    {
        while (_filled > 0)
        {
            if (_file < 0)
                Open();
            else if (Environment.TickCount64 >= _nextLook)
                Look();
            int written = _file >= 0 ? RawDescriptor.Write(_file, _buffer.Span[.._filled]) : _file;
            if (written == -Errno.EINTR)
                continue;
            if (written == _filled)
            {
                _size += written;
                _filled = 0;
                return true;
            }

            // Short or refused: the disk is full. What stands after the last whole line goes away again.
            int whole = written > 0 ? _buffer.Span[..written].LastIndexOf((byte)'\n') + 1 : 0;
            if (written > whole)
                RawDescriptor.Truncate(_file, RawDescriptor.Length(_file) - (written - whole));
            _size += whole;
            _buffer.Span[whole.._filled].CopyTo(_buffer.Span);
            _filled -= whole;
            if (whole == 0)
            {
                // Anything else may be the file's own fault: the next try opens it again.
                if (written < 0 && _file >= 0 && written is not (-Errno.ENOSPC or -Errno.EDQUOT))
                    Close(written);
                return false;
            }
        }
        return true;
    }

    public void Release()
    {
        if (_filled == 0)
            _buffer.Release();
        _stdout.Splitter.Release();
        _stderr.Splitter.Release();
    }

    public void Finish(Action settled)
    {
        if (!Flush())
            Drop();
        if (_rotation.Busy)
            _rotation.Settled = settled;
        else
            settled();
    }

    public void Dispose()
    {
        if (!Flush())
            Drop();
        Close(-Errno.EBADF);
        _rotation.Stop();
        _stdout.Splitter.Dispose();
        _stderr.Splitter.Dispose();
        _buffer.Dispose();
    }

    private StreamLines Of(LogStream stream) => stream == LogStream.Stdout ? _stdout : _stderr;

    private void Append(ReadOnlySpan<byte> line, bool complete, ReadOnlySpan<byte> stream, long time)
    {
        if (_target.MaxSize > 0 && _size + _filled >= _target.MaxSize)
            Rotate();
        if (BufferSize - _filled < _reserve && !Flush())
            Drop();

        var target = _buffer.Span[_filled..];
        int length = Put(JsonFileFormat.Head, target, 0);
        length += JsonText.Escape(line, target[length..]);
        if (complete)
            length = Put(JsonFileFormat.LineEnd, target, length);
        length = Put(stream, target, length);
        length = Put(_attributes, target, length);
        length = Put(JsonFileFormat.TimeKey, target, length);
        length += _time.Write(time, target[length..]);
        length = Put(JsonFileFormat.Tail, target, length);
        target[length++] = (byte)'\n';
        _filled += length;
    }

    private static int Put(ReadOnlySpan<byte> bytes, Span<byte> target, int at)
    {
        bytes.CopyTo(target[at..]);
        return at + bytes.Length;
    }

    private void Rotate()
    {
        if (!Flush())
            return;
        Close(-Errno.EBADF);
        try
        {
            _rotation.Rotate();
            Open();
            _rotation.CompressNext();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The log goes on in the file it has, and the next line tries again; but not for ever.
            if (_file < 0)
                Open();
            if (_file >= 0 && _size >= 2 * _target.MaxSize && RawDescriptor.Truncate(_file, 0) == 0)
                _size = 0;
        }
    }

    /// <summary>Opens the file at its end; a failure stays as the negated errno, and lines wait until it can be opened.</summary>
    private void Open()
    {
        _nextLook = Environment.TickCount64 + _look;
        _file = RawDescriptor.OpenAppend(_target.Path!, FileMode);
        if (_file >= 0)
            _size = Math.Max(0, RawDescriptor.Length(_file));
    }

    /// <summary>Opens the file anew when its name is another file's or nobody's, and notices when it was emptied.</summary>
    private void Look()
    {
        _nextLook = Environment.TickCount64 + _look;
        if (!RawDescriptor.IsNamed(_file, _path, out long length))
        {
            Close(-Errno.ENOENT);
            Open();
        }
        else
        {
            _size = length;
        }
    }

    private void Close(int reason)
    {
        if (_file >= 0)
            RawDescriptor.Close(_file);
        _file = reason;
    }

    private void Drop()
    {
        LostLines += _buffer.Span[.._filled].Count((byte)'\n');
        _filled = 0;
    }

    /// <summary>One output's lines: all pieces of a long line carry the time of its first.</summary>
    private sealed class StreamLines : ILineSink
    {
        private readonly JsonFileWriter _log;
        private readonly byte[] _member;
        private long _time;

        public StreamLines(JsonFileWriter log, ReadOnlySpan<byte> name)
        {
            _log = log;
            _member = [(byte)'"', .. JsonFileFormat.StreamKey, .. name];
            Splitter = new LineSplitter(this);
        }

        public LineSplitter Splitter { get; }

        public void Line(ReadOnlySpan<byte> line, bool complete, bool continued)
        {
            if (!continued)
                _time = _log._clock.Next();
            _log.Append(line, complete, _member, _time);
        }
    }
}
