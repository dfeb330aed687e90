using System.Globalization;
using Hafen.Client.Errors;

namespace Hafen.Client.Http;

/// <summary>The body of one answer, framed by length, by chunks or by the end of the connection (RFC 9112 §6.3).</summary>
internal sealed class ResponseBody : Stream
{
    private readonly ConnectionReader reader;
    private readonly bool chunked;
    private readonly bool untilClose;
    private long remaining;
    private bool firstChunk = true;

    public ResponseBody(ConnectionReader reader, ResponseHead head, bool hasBody)
    {
        this.reader = reader;
        if (!hasBody) Finished = true;
        else if (head.IsChunked) chunked = true;
        else if (head.ContentLength is { } length) remaining = length;
        else untilClose = true;
        if (!chunked && !untilClose && remaining == 0) Finished = true;
    }

    /// <summary>All of it was read; the connection may carry the next request.</summary>
    public bool Finished { get; private set; }

    /// <summary>The end of the body is the end of the connection.</summary>
    public bool EndsConnection => untilClose;

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

    public override int Read(Span<byte> target)
    {
        if (Finished || target.IsEmpty) return 0;
        if (untilClose)
        {
            var rest = reader.Read(target);
            Finished = rest == 0;
            return rest;
        }

        if (chunked && remaining == 0 && !NextChunk()) return 0;
        var count = reader.Read(target.Length > remaining ? target[..(int)remaining] : target);
        if (count == 0) throw new ProtocolException("unexpected EOF");
        remaining -= count;
        if (!chunked && remaining == 0) Finished = true;
        return count;
    }

    /// <summary>Takes the rest of the body when all of it is here already, so that the connection can go on.</summary>
    public void DropBuffered()
    {
        if (Finished || chunked || untilClose || remaining > reader.Buffered.Length) return;
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

    private bool NextChunk()
    {
        if (!firstChunk && reader.ReadLine() is not "") throw new ProtocolException("malformed chunked encoding");
        firstChunk = false;
        var line = reader.ReadLine() ?? throw new ProtocolException("unexpected EOF");
        var extension = line.IndexOf(';', StringComparison.Ordinal);
        var digits = (extension < 0 ? line : line[..extension]).Trim();
        if (!long.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out remaining) || remaining < 0)
            throw new ProtocolException("invalid chunk length");
        if (remaining > 0) return true;

        // Trailers, if any, end with an empty line.
        while (reader.ReadLine() is { Length: > 0 })
        {
        }

        Finished = true;
        return false;
    }
}
