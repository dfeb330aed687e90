using System.Text;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Logs;

/// <summary>
/// The json-file driver's writer: one JSON object a line, rotated by size, one write a batch and no fsync. A full disk stops neither container nor
/// monitor: lines are kept while the buffer lasts, then dropped and counted, and writing goes on when there is room. The file never
/// holds half a line. A file that somebody else has renamed or removed is left to them, and the log goes on under its name.
/// </summary>
public sealed class JsonFileLog : IDisposable
{
    private const int BufferSize = 512 * 1024;
    private const int FileMode = 0x1A0; // 0640
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly MonitorLog _options;
    private readonly LogRotation _rotation;
    private readonly LogTime _time = new();
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

    /// <param name="options">The log's file and limits.</param>
    /// <param name="compressor">Compresses rotated files.</param>
    /// <param name="look">How often at the most the file's name is looked at; null for once a second.</param>
    /// <exception cref="LinuxException">The file cannot be opened.</exception>
    public JsonFileLog(MonitorLog options, ILogCompressor compressor, TimeSpan? look = null)
    {
        _look = (long)(look ?? s_look).TotalMilliseconds;
        _options = options;
        _rotation = new LogRotation(options, compressor);
        _attributes = options.Attributes is { Length: > 0 } attributes ? Encoding.UTF8.GetBytes(",\"attrs\":" + attributes) : [];
        _reserve = LineSplitter.Limit * JsonEscape.Expansion + _attributes.Length + 128;
        _buffer = new MappedMemory(Math.Max(BufferSize, 2 * _reserve));
        _path = Encoding.UTF8.GetBytes(options.Path + '\0');
        _stdout = new StreamLines(this, "stdout"u8);
        _stderr = new StreamLines(this, "stderr"u8);
        Open();
        if (_file < 0)
            throw new LinuxException(-_file, "open", options.Path);
    }

    /// <summary>Lines that could not be written and are gone.</summary>
    public long LostLines { get; private set; }

    /// <summary>Whether lines wait for room on the disk.</summary>
    public bool Waiting => _filled > 0;

    /// <summary>Logs what was read from one of the outputs.</summary>
    public void Feed(LogStream stream, ReadOnlySpan<byte> data)
    {
        _clock.Tick();
        Of(stream).Splitter.Feed(data);
        Flush();
    }

    /// <summary>One of the outputs has ended.</summary>
    public void End(LogStream stream)
    {
        _clock.Tick();
        Of(stream).Splitter.End();
        Flush();
    }

    /// <summary>Writes what is buffered; false when the disk does not take it.</summary>
    public bool Flush()
    {
        while (_filled > 0)
        {
            if (_file < 0)
                Open();
            else if (Environment.TickCount64 >= _nextLook)
                Look();
            var written = _file >= 0 ? RawDescriptor.Write(_file, _buffer.Span[.._filled]) : _file;
            if (written == -Errno.EINTR)
                continue;
            if (written == _filled)
            {
                _size += written;
                _filled = 0;
                return true;
            }

            // Short or refused: the disk is full. What stands after the last whole line goes away again.
            var whole = written > 0 ? _buffer.Span[..written].LastIndexOf((byte)'\n') + 1 : 0;
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

    /// <summary>Gives unused memory back.</summary>
    public void Release()
    {
        if (_filled == 0)
            _buffer.Release();
        _stdout.Splitter.Release();
        _stderr.Splitter.Release();
    }

    /// <summary>
    /// Nothing will be logged any more: writes the rest and calls <paramref name="settled"/> once rotated files are compressed. The caller sees to it that
    /// this does not take too long, and ends it with <see cref="Dispose"/>.
    /// </summary>
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
        if (_options.MaxSize > 0 && _size + _filled >= _options.MaxSize)
            Rotate();
        if (BufferSize - _filled < _reserve && !Flush())
            Drop();

        var target = _buffer.Span[_filled..];
        var length = Put("{\"log\":\""u8, target, 0);
        length += JsonEscape.Write(line, target[length..]);
        if (complete)
            length = Put("\\n"u8, target, length);
        length = Put("\",\"stream\":\""u8, target, length);
        length = Put(stream, target, length);
        length = Put("\""u8, target, length);
        length = Put(_attributes, target, length);
        length = Put(",\"time\":\""u8, target, length);
        length += _time.Write(time, target[length..]);
        length = Put("\"}\n"u8, target, length);
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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The log goes on in the file it has, and the next line tries again; but not for ever.
            if (_file < 0)
                Open();
            if (_file >= 0 && _size >= 2 * _options.MaxSize && RawDescriptor.Truncate(_file, 0) == 0)
                _size = 0;
        }
    }

    /// <summary>Opens the file at its end; a failure stays as the negated errno, and lines wait until it can be opened.</summary>
    private void Open()
    {
        _nextLook = Environment.TickCount64 + _look;
        _file = RawDescriptor.OpenAppend(_options.Path!, FileMode);
        if (_file >= 0)
            _size = Math.Max(0, RawDescriptor.Length(_file));
    }

    /// <summary>Opens the file anew when its name is another file's or nobody's, and notices when it was emptied.</summary>
    private void Look()
    {
        _nextLook = Environment.TickCount64 + _look;
        if (!RawDescriptor.IsNamed(_file, _path, out var length))
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
        private readonly JsonFileLog _log;
        private readonly byte[] _name;
        private long _time;

        public StreamLines(JsonFileLog log, ReadOnlySpan<byte> name)
        {
            _log = log;
            _name = name.ToArray();
            Splitter = new LineSplitter(this);
        }

        public LineSplitter Splitter { get; }

        public void Line(ReadOnlySpan<byte> line, bool complete, bool continued)
        {
            if (!continued)
                _time = _log._clock.Next();
            _log.Append(line, complete, _name, _time);
        }
    }
}
