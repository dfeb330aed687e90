using System.Buffers.Binary;
using System.Text;

namespace Hafen.Cli.Attach;

/// <summary>
/// Takes apart the multiplexed stream of attach, exec and logs: frames of an 8-byte head (stream, three zeros, big-endian length)
/// and a payload. Neighbouring payloads of one stream are moved together, so that many small frames cost one write.
/// </summary>
internal sealed class FrameDecoder(IFrameSink sink)
{
    private const int HeadLength = 8;
    private readonly byte[] _head = new byte[HeadLength];
    private readonly List<byte> _failure = [];
    private int _headCount;
    private int _remaining;
    private byte _stream;

    /// <summary>Decodes one chunk; it is overwritten meanwhile.</summary>
    /// <exception cref="IOException">The daemon reports an error in the stream, or the stream has no frames.</exception>
    public void Decode(Span<byte> chunk)
    {
        int position = 0;
        int runStart = 0, runEnd = 0;
        byte runStream = 0;
        while (position < chunk.Length)
        {
            if (_remaining == 0)
            {
                position += ReadHead(chunk[position..]);
                continue;
            }

            int count = Math.Min(_remaining, chunk.Length - position);
            if (runStream != _stream || runStart == runEnd)
            {
                Flush(chunk, runStream, runStart, runEnd);
                runStream = _stream;
                runStart = runEnd = position;
            }

            if (runEnd != position)
                chunk.Slice(position, count).CopyTo(chunk[runEnd..]);
            runEnd += count;
            position += count;
            _remaining -= count;
            if (_stream == 3 && _remaining == 0)
                Fail(chunk, runStart, runEnd);
        }

        Flush(chunk, runStream, runStart, runEnd);
    }

    private int ReadHead(ReadOnlySpan<byte> bytes)
    {
        int count = Math.Min(HeadLength - _headCount, bytes.Length);
        bytes[..count].CopyTo(_head.AsSpan(_headCount));
        _headCount += count;
        if (_headCount < HeadLength)
            return count;
        _headCount = 0;
        _stream = _head[0];
        if (_stream > 3)
            throw new IOException($"unrecognized stream: {_stream}");
        _remaining = BinaryPrimitives.ReadInt32BigEndian(_head.AsSpan(4));
        return _remaining < 0 ? throw new IOException("invalid frame length in the stream") : count;
    }

    private void Flush(Span<byte> chunk, byte which, int from, int to)
    {
        if (from == to)
            return;
        if (which == 3)
            _failure.AddRange(chunk[from..to]);
        else
            sink.Write(which, chunk[from..to]);
    }

    private void Fail(Span<byte> chunk, int from, int to)
    {
        _failure.AddRange(chunk[from..to]);
        throw new IOException($"error from daemon in stream: {Encoding.UTF8.GetString([.. _failure])}");
    }
}
