using System.Text;
using Hafen.Linux;
using Hafen.Linux.Descriptors;
using Hafen.Monitor.Protocol;

namespace Hafen.Monitor.Logs;

/// <summary>
/// The json-file driver's writer: one JSON object a line, rotated by size, one write a batch and no fsync. A full disk stops neither container nor
/// monitor: lines are kept while the buffer lasts, then dropped and counted, and writing goes on when there is room. The file never
/// holds half a line.
/// </summary>
public sealed class JsonFileLog : IDisposable
{
    private const int BufferSize = 512 * 1024;
    private const int FileMode = 0x1A0; // 0640

    private readonly MonitorLog _options;
    private readonly LogRotation _rotation;
    private readonly LogTime _time = new();
    private readonly LogClock _clock = new();
    private readonly byte[] _attributes;
    private readonly MappedMemory _buffer = new(BufferSize);
    private readonly StreamLines _stdout, _stderr;
    private readonly int _reserve;
    private int _file;
    private int _filled;
    private long _size;

    /// <exception cref="LinuxException">The file cannot be opened.</exception>
    public JsonFileLog(MonitorLog options, ILogCompressor compressor)
    {
        _options = options;
        _rotation = new LogRotation(options, compressor);
        _attributes = options.Attributes is { Length: > 0 } attributes ? Encoding.UTF8.GetBytes(",\"attrs\":" + attributes) : [];
        _reserve = LineSplitter.Limit * JsonEscape.Expansion + _attributes.Length + 128;
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
                RawDescriptor.Truncate(_file, _size + whole);
            _size += whole;
            _buffer.Span[whole.._filled].CopyTo(_buffer.Span);
            _filled -= whole;
            if (whole == 0)
                return false;
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

    public void Dispose()
    {
        if (!Flush())
            Drop();
        if (_file >= 0)
            RawDescriptor.Close(_file);
        _file = -Errno.EBADF;
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
        if (!Flush() || _rotation.Busy)
            return;
        RawDescriptor.Close(_file);
        try
        {
            _rotation.Rotate();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // The log goes on in the file it has; the next line tries again.
        }
        Open();
    }

    /// <summary>Opens the file at its end; a failure stays as the negated errno, and lines wait until it can be opened.</summary>
    private void Open()
    {
        _file = RawDescriptor.OpenAppend(_options.Path!, FileMode);
        if (_file >= 0)
            _size = Math.Max(0, RawDescriptor.Length(_file));
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
