using System.Globalization;
using Hafen.Client.Errors;
using Hafen.Client.Http;
using Hafen.Linux;

namespace Hafen.Client.Blocking;

/// <summary>The body of one answer, framed by length, by chunks or by the end of the connection (RFC 9112 §6.3).</summary>
internal sealed class ResponseBody : Stream
{
    /// <summary>What the line of a chunk's size with its extensions may have, in bytes.</summary>
    private const int MaximumSizeLine = 4096;

    private readonly BlockingConnection _connection;
    private readonly ConnectionReader _reader;
    private readonly bool _chunked;
    private readonly bool _untilClose;
    private long _remaining;
    private bool _firstChunk = true;

    public ResponseBody(BlockingConnection connection, ResponseHead head, bool hasBody)
    {
        _connection = connection;
        _reader = connection.Reader;
        if (!hasBody)
            Finished = true;
        else if (head.IsChunked)
            _chunked = true;
        else if (head.ContentLength is { } length)
            _remaining = length;
        else
            _untilClose = true;
        if (!_chunked && !_untilClose && _remaining == 0)
            Finished = true;
    }

    /// <summary>All of it was read; the connection may carry the next request.</summary>
    public bool Finished { get; private set; }

    /// <summary>The end of the body is the end of the connection.</summary>
    public bool EndsConnection => _untilClose;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
        => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    /// <summary>Reads on the caller's thread; who cancels ends the connection, which wakes it.</summary>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            return new ValueTask<int>(_connection.Cancellable(buffer, (_, target) => Read(target.Span), cancellationToken));
        }
        catch (OperationCanceledException exception)
        {
            return ValueTask.FromCanceled<int>(exception.CancellationToken);
        }
        catch (Exception exception)
        {
            return ValueTask.FromException<int>(exception);
        }
    }

    public override int Read(Span<byte> target)
    {
        try
        {
            return ReadFramed(target);
        }
        catch (LinuxException exception)
        {
            throw new ProtocolException(exception.Message);
        }
    }

    /// <summary>Takes the rest of the body when all of it is here already, so that the connection can go on.</summary>
    public void DropBuffered()
    {
        if (Finished || _chunked || _untilClose || _remaining > _reader.Buffered.Length)
            return;
        Span<byte> rest = stackalloc byte[256];
        while (Read(rest) > 0)
        {
        }
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int ReadFramed(Span<byte> target)
    {
        if (Finished || target.IsEmpty)
            return 0;
        if (_untilClose)
        {
            int rest = _reader.Read(target);
            Finished = rest == 0;
            return rest;
        }

        if (_chunked && _remaining == 0 && !NextChunk())
            return 0;
        int count = _reader.Read(target.Length > _remaining ? target[..(int)_remaining] : target);
        if (count == 0)
            throw new ProtocolException("unexpected EOF");
        _remaining -= count;
        if (!_chunked && _remaining == 0)
            Finished = true;
        return count;
    }

    private bool NextChunk()
    {
        int room = MaximumSizeLine;
        if (!_firstChunk && _reader.ReadLine(ref room) is not "")
            throw new ProtocolException("malformed chunked encoding");
        _firstChunk = false;
        string line = _reader.ReadLine(ref room) ?? throw new ProtocolException("unexpected EOF");
        int extension = line.IndexOf(';', StringComparison.Ordinal);
        string digits = (extension < 0 ? line : line[..extension]).Trim();
        if (!long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out _remaining) || _remaining < 0)
            throw new ProtocolException("invalid chunk length");
        if (_remaining > 0)
            return true;

        // Trailers, if any, end with an empty line.
        room = ResponseHead.MaximumLength;
        while ((_reader.ReadLine(ref room) ?? throw new ProtocolException("unexpected EOF")).Length > 0)
        {
        }

        Finished = true;
        return false;
    }
}
